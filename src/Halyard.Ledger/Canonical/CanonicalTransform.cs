using System.Buffers;

namespace Halyard.Ledger;

/// <summary>
/// One pass over the input that checks it and writes the canonical text. Members are written as they come; an object whose
/// members came out of order is put in order when it closes, so canonical input costs no sorting.
/// </summary>
internal ref partial struct CanonicalTransform
{
    private readonly ReadOnlySpan<byte> _input;
    private readonly Span<PathStep> _path;
    private int _pathLength;
    private int _at;
    private byte[] _output;
    private int _length;
    private Member[] _members = [];
    private int _memberCount;
    private JsonProblem? _problem;

    public CanonicalTransform(ReadOnlySpan<byte> input, Span<PathStep> path)
    {
        _input = input;
        _path = path;
        _output = ArrayPool<byte>.Shared.Rent(Math.Max(256, input.Length));
    }

    public readonly ReadOnlySpan<byte> Written => _output.AsSpan(0, _length);

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_output);
        if (_members.Length > 0)
            ArrayPool<Member>.Shared.Return(_members);
        _output = [];
        _members = [];
    }

    /// <summary>Reads the whole input; null when it is acceptable.</summary>
    public JsonProblem? Run()
    {
        if (_input.StartsWith("\uFEFF"u8))
        {
            Fail("a byte order mark is not allowed");
            return _problem;
        }
        if (!ReadValue(0))
            return _problem;
        SkipWhitespace();
        if (_at < _input.Length)
            Fail($"nothing may follow the value, found {Found()}");
        return _problem;
    }

    private bool ReadValue(int depth)
    {
        SkipWhitespace();
        if (_at >= _input.Length)
            return Fail("a value is expected, found the end of the text");
        switch (_input[_at])
        {
            case (byte)'{':
                return ReadObject(depth);
            case (byte)'[':
                return ReadArray(depth);
            case (byte)'"':
                return ReadString();
            case (byte)'t':
                return ReadLiteral("true"u8);
            case (byte)'f':
                return ReadLiteral("false"u8);
            case (byte)'n':
                return ReadLiteral("null"u8);
            case (byte)'-':
            case >= (byte)'0' and <= (byte)'9':
                return ReadNumber();
            default:
                return Fail($"a value is expected, found {Found()}");
        }
    }

    private bool ReadArray(int depth)
    {
        if (depth == CanonicalJson.MaxDepth)
            return FailTooDeep();
        _at++;
        Put((byte)'[');
        SkipWhitespace();
        if (Take((byte)']'))
        {
            Put((byte)']');
            return true;
        }
        for (var index = 0; ; index++)
        {
            _path[depth] = PathStep.Element(index);
            _pathLength = depth + 1;
            if (!ReadValue(depth + 1))
                return false;
            _pathLength = depth;
            SkipWhitespace();
            if (Take((byte)']'))
            {
                Put((byte)']');
                return true;
            }
            if (!Take((byte)','))
                return Fail($"',' or ']' is expected, found {Found()}");
            Put((byte)',');
        }
    }

    private bool ReadLiteral(ReadOnlySpan<byte> literal)
    {
        if (!_input[_at..].StartsWith(literal))
            return Fail($"a value is expected, found {Found()}");
        _at += literal.Length;
        Put(literal);
        return true;
    }

    private void SkipWhitespace()
    {
        while (_at < _input.Length && _input[_at] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            _at++;
    }

    private bool Take(byte expected)
    {
        if (_at >= _input.Length || _input[_at] != expected)
            return false;
        _at++;
        return true;
    }

    private void Put(byte value)
    {
        if (_length == _output.Length)
            Grow(1);
        _output[_length++] = value;
    }

    private void Put(scoped ReadOnlySpan<byte> bytes)
    {
        if (_output.Length - _length < bytes.Length)
            Grow(bytes.Length);
        bytes.CopyTo(_output.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_output.Length * 2, _length + more)));
        _output.AsSpan(0, _length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_output);
        _output = larger;
    }

    private bool FailTooDeep() => Fail($"nesting deeper than {CanonicalJson.MaxDepth} levels is not accepted");

    private bool Fail(string message) => Fail(message, _at);

    private bool Fail(string message, int offset)
    {
        _problem = new JsonProblem(PathStep.ToPointer(_path[.._pathLength], _output), message, offset);
        return false;
    }

    private readonly string Found()
    {
        if (_at >= _input.Length)
            return "the end of the text";
        var found = _input[_at];
        return found is > 0x20 and < 0x7F ? $"'{(char)found}'" : $"byte 0x{found:X2}";
    }
}
