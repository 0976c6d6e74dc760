namespace Halyard.Architecture.Fixtures.Writing;

public sealed record Parcel(int Number);

public interface IPort
{
    ValueTask<int> SendAsync(Parcel parcel);
}

public interface IWiderPort : IPort;

public class Adapter : IPort
{
    public virtual ValueTask<int> SendAsync(Parcel parcel) => new(parcel.Number);
}

public sealed class DerivedAdapter : Adapter;

public abstract class WiderAdapter : IWiderPort
{
    public abstract ValueTask<int> SendAsync(Parcel parcel);
}

/// <summary>The permitted way: a public method over private ones.</summary>
public sealed class Sender(IPort port)
{
    public async Task<int> SubmitAsync(int number)
    {
        await Task.Yield();
        return await TryAsync(number);
    }

    private async Task<int> TryAsync(int number) => await port.SendAsync(new Parcel(number));
}

/// <summary>A second public way, through the same private method's like.</summary>
public sealed class SideDoor(IPort port)
{
    public static Func<IPort, Task<int>> Open() => async found => await Helper.PassAsync(found);

    public int Harmless() => port.GetHashCode();
}

/// <summary>Called through an interface nobody can follow.</summary>
internal sealed class HiddenDoor(IPort port) : IDisposable
{
    public void Dispose() => _ = port.SendAsync(new Parcel(1));
}

/// <summary>Nobody calls it; the runtime does.</summary>
internal static class StaticDoor
{
    private static readonly ValueTask<int> Sent = new Adapter().SendAsync(new Parcel(2));
}

internal static class Helper
{
    public static ValueTask<int> PassAsync(IPort port)
    {
        Func<Parcel, ValueTask<int>> send = port.SendAsync;
        return send(new Parcel(3));
    }
}
