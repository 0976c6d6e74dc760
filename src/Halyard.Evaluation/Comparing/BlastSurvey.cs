namespace Halyard.Evaluation;

/// <summary>Finds the regions of two versions of a flag, and in each the share of users whose answer changes.</summary>
internal sealed class BlastSurvey
{
    private const int MaxRegions = 2_000;

    /// <summary>Shares are sums of ranges: what is smaller than this comes from adding, not from anybody's weights.</summary>
    private const int Digits = 12;

    private readonly ComparedFlag _before;
    private readonly ComparedFlag _after;
    private readonly Answers _answers;
    private readonly Tails _tailsBefore;
    private readonly Tails _tailsAfter;
    private readonly List<RegionChange> _regions = [];

    private BlastSurvey(ComparedFlag before, ComparedFlag after)
    {
        (_before, _after) = (before, after);
        _answers = new Answers(before, after);
        _tailsBefore = new Tails(before, _answers, _answers.OffBefore);
        _tailsAfter = new Tails(after, _answers, _answers.OffAfter);
    }

    /// <summary>Surveys a change of a flag.</summary>
    /// <param name="before">The flag as it is.</param>
    /// <param name="after">The flag as it would be.</param>
    /// <param name="arePrerequisitesSame">Whether the same users pass the prerequisites.</param>
    public static BlastRadius Of(ComparedFlag before, ComparedFlag after, bool arePrerequisitesSame)
    {
        var survey = new BlastSurvey(before, after);
        if (!arePrerequisitesSame)
            return survey.WithOtherPrerequisites();
        var aligned = Alignment.Of(before.Steps, after.Steps);
        for (var m = 0; m < aligned.Count; m++)
        {
            if (!survey.AddFirstAt(aligned, m))
                return BlastRadius.Unknown;
        }
        if (before.Prerequisites.Count > 0)
            survey.AddWhoeverFails();
        return new BlastRadius(survey._regions, IsComplete: true);
    }

    // Users for whom this is the first step of either version. Where only one version has the step, the other decides later.
    private bool AddFirstAt(List<Aligned> aligned, int m)
    {
        var (i, j) = aligned[m];
        if (i >= 0 && j >= 0)
            return Add(i, j);
        foreach (var later in aligned.Skip(m + 1))
        {
            if ((i >= 0 ? later.After : later.Before) < 0)
                continue;
            if (!(i >= 0 ? Add(i, later.After) : Add(later.Before, j)))
                return false;
        }
        return true;
    }

    private bool Add(int i, int j)
    {
        foreach (var missing in RolloutWays.Missing(_before.Steps[i].Serve, _after.Steps[j].Serve))
        {
            if (_regions.Count == MaxRegions)
                return false;
            _regions.Add(Region(i, j, missing));
        }
        return true;
    }

    private RegionChange Region(int i, int j, IReadOnlySet<Hashed> missing)
    {
        var (before, after) = (_before.Steps[i], _after.Steps[j]);
        var (share, isExact) = (0.0, true);
        var served = new Dictionary<string, (double Share, double Changed)>(StringComparer.Ordinal);
        foreach (var was in RolloutWays.Of(before.Serve, Cell.Everybody, missing))
        {
            foreach (var becomes in RolloutWays.Of(after.Serve, was.Cell, missing))
            {
                var part = becomes.Cell.Share;
                var isChanged = IsChanged(was.Variant, becomes.Variant, i, j);
                share += isChanged == false ? 0 : part;
                isExact &= isChanged is not null;
                var key = Said(was.Variant, i);
                var (all, changed) = served.GetValueOrDefault(key);
                served[key] = (all + part, changed + (isChanged == false ? 0 : part));
            }
        }
        return new RegionChange(
            before.Name,
            after.Name,
            [.. missing.Select(hashed => hashed.Attribute).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Rounded(share),
            isExact,
            [.. served.Select(one => new ServedChange(one.Key, Rounded(one.Value.Share), Rounded(one.Value.Changed)))]
        );
    }

    // Null where later steps decide, which may be other steps for other users.
    private bool? IsChanged(CompiledVariant? was, CompiledVariant? becomes, int i, int j)
    {
        var before = was is null && IsLast(_before, i) ? _answers.OffBefore : _answers.Of(was);
        var after = becomes is null && IsLast(_after, j) ? _answers.OffAfter : _answers.Of(becomes);
        if (before == Answers.GoesOn)
            before = _tailsBefore.Only(i + 1) ?? Answers.GoesOn;
        if (after == Answers.GoesOn)
            after = _tailsAfter.Only(j + 1) ?? Answers.GoesOn;
        if (before == Answers.GoesOn && after == Answers.GoesOn && RestIsSame(i + 1, j + 1))
            return false;
        return before == Answers.GoesOn || after == Answers.GoesOn ? null : before != after;
    }

    private bool RestIsSame(int i, int j)
    {
        if (_before.Steps.Count - i != _after.Steps.Count - j || _answers.OffBefore != _answers.OffAfter)
            return false;
        for (; i < _before.Steps.Count; i++, j++)
        {
            if (_before.Steps[i].Guard != _after.Steps[j].Guard || !ServesSame(_before.Steps[i].Serve, _after.Steps[j].Serve))
                return false;
        }
        return true;
    }

    private bool ServesSame(CompiledServe before, CompiledServe after) =>
        RolloutWays
            .Missing(before, after)
            .All(missing =>
                RolloutWays
                    .Of(before, Cell.Everybody, missing)
                    .TrueForAll(was =>
                        RolloutWays
                            .Of(after, was.Cell, missing)
                            .TrueForAll(becomes => _answers.Of(was.Variant) == _answers.Of(becomes.Variant))
                    )
            );

    private string Said(CompiledVariant? variant, int step) =>
        (variant ?? (IsLast(_before, step) ? _before.Flag.Off : null))?.Key ?? "";

    // Who passes is not known, so that anybody may go from any answer to any other.
    private BlastRadius WithOtherPrerequisites()
    {
        int? was = _tailsBefore.Only(0);
        var isConstant = was == _answers.OffBefore && _tailsAfter.IsWithin(0, was.Value) && _answers.OffAfter == was;
        if (!isConstant)
            return BlastRadius.Unknown;
        var off = _before.Flag.Off!.Key;
        return new BlastRadius(
            [new RegionChange("everyone", "everyone", [], 0, IsExact: true, [new ServedChange(off, 1, 0)])],
            true
        );
    }

    private void AddWhoeverFails()
    {
        var changed = _answers.OffBefore == _answers.OffAfter ? 0 : 1;
        const string fails = "a prerequisite that fails";
        _regions.Add(new RegionChange(fails, fails, [], changed, true, [new ServedChange(_before.Flag.Off!.Key, 1, changed)]));
    }

    private static bool IsLast(ComparedFlag flag, int step) => step == flag.Steps.Count - 1;

    private static double Rounded(double share) => Math.Min(1, Math.Round(share, Digits));
}
