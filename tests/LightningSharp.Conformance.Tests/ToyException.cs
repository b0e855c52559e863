namespace LightningSharp.Conformance;

/// <summary>The user's own exception of the cases: Python's RuntimeError("boom").</summary>
public sealed class ToyException : Exception
{
    public ToyException()
    {
    }

    public ToyException(string message)
        : base(message)
    {
    }

    public ToyException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
