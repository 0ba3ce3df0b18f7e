using System.Globalization;
using NUnit.Framework;

namespace Reqnroll;

/// <summary>Writes to the output of the running test.</summary>
public interface IReqnrollOutputHelper
{
    void WriteLine(string message);

    void WriteLine(string format, params object[] args);

    /// <summary>Adds a file to the test's results.</summary>
    void AddAttachment(string filePath);
}

internal sealed class NUnitOutputHelper : IReqnrollOutputHelper
{
    public void WriteLine(string message) => TestContext.Out.WriteLine(message);

    public void WriteLine(string format, params object[] args) => WriteLine(string.Format(CultureInfo.CurrentCulture, format, args));

    public void AddAttachment(string filePath) => TestContext.AddTestAttachment(filePath);
}
