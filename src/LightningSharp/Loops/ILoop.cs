namespace LightningSharp.Loops;

/// <summary>What an entry point runs between set-up and teardown.</summary>
internal interface ILoop
{
    void Run();
}
