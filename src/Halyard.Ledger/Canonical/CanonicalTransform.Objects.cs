using System.Buffers;

namespace Halyard.Ledger;

internal ref partial struct CanonicalTransform
{
    private bool ReadObject(int depth)
    {
        if (depth == CanonicalJson.MaxDepth)
            return FailTooDeep();
        _at++;
        Put((byte)'{');
        SkipWhitespace();
        if (Take((byte)'}'))
        {
            Put((byte)'}');
            return true;
        }

        var first = _memberCount;
        var ordered = true;
        while (true)
        {
            if (!ReadMember(depth, first, ref ordered))
                return false;
            SkipWhitespace();
            if (Take((byte)'}'))
                break;
            if (!Take((byte)','))
                return Fail($"',' or '}}' is expected, found {Found()}");
            Put((byte)',');
            SkipWhitespace();
        }
        if (!ordered && !PutInOrder(depth, first))
            return false;
        _memberCount = first;
        Put((byte)'}');
        return true;
    }

    private bool ReadMember(int depth, int first, ref bool ordered)
    {
        var offset = _at;
        var start = _length;
        if (_at >= _input.Length || _input[_at] != (byte)'"')
            return Fail($"a member name in quotes is expected, found {Found()}");
        if (!ReadString())
            return false;

        // The quotes are not part of the name.
        var member = new Member(start, _length - start - 2, offset);
        _path[depth] = PathStep.Member(start + 1, member.NameLength);
        _pathLength = depth + 1;
        if (_memberCount > first)
        {
            var order = MemberOrder.Compare(_members[_memberCount - 1].Name(_output), member.Name(_output));
            if (order == 0)
                return FailDuplicate(offset);
            ordered &= order < 0;
        }

        SkipWhitespace();
        if (!Take((byte)':'))
            return Fail($"':' is expected after a member name, found {Found()}");
        Put((byte)':');
        if (!ReadValue(depth + 1))
            return false;
        _pathLength = depth;
        Remember(member with { Length = _length - start });
        return true;
    }

    private bool PutInOrder(int depth, int first)
    {
        var members = _members.AsSpan(first, _memberCount - first);
        var start = members[0].Start;
        members.Sort(new MemberOrder(_output));
        for (var i = 1; i < members.Length; i++)
        {
            if (!members[i].Name(_output).SequenceEqual(members[i - 1].Name(_output)))
                continue;
            _path[depth] = PathStep.Member(members[i].Start + 1, members[i].NameLength);
            _pathLength = depth + 1;
            return FailDuplicate(Math.Max(members[i].Offset, members[i - 1].Offset));
        }

        var scratch = ArrayPool<byte>.Shared.Rent(_length - start);
        var written = 0;
        foreach (var member in members)
        {
            if (written > 0)
                scratch[written++] = (byte)',';
            _output.AsSpan(member.Start, member.Length).CopyTo(scratch.AsSpan(written));
            written += member.Length;
        }
        scratch.AsSpan(0, written).CopyTo(_output.AsSpan(start));
        ArrayPool<byte>.Shared.Return(scratch);
        return true;
    }

    private bool FailDuplicate(int offset) => Fail("a member name may appear only once in an object", offset);

    private void Remember(Member member)
    {
        if (_memberCount == _members.Length)
        {
            var larger = ArrayPool<Member>.Shared.Rent(Math.Max(32, _members.Length * 2));
            _members.AsSpan(0, _memberCount).CopyTo(larger);
            if (_members.Length > 0)
                ArrayPool<Member>.Shared.Return(_members);
            _members = larger;
        }
        _members[_memberCount++] = member;
    }
}
