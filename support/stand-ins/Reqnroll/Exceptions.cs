namespace Reqnroll;

public class ReqnrollException : Exception
{
    public ReqnrollException()
    {
    }

    public ReqnrollException(string message)
        : base(message)
    {
    }

    public ReqnrollException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>A binding is wrong: a bad expression, a wrong parameter count, an invalid hook.</summary>
public class BindingException : ReqnrollException
{
    public BindingException()
        : base("Binding error occurred.")
    {
    }

    public BindingException(string message)
        : base(message)
    {
    }

    public BindingException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>More than one step definition matches a step.</summary>
public class AmbiguousBindingException(string message) : BindingException(message);

/// <summary>Thrown by a step definition that is not written yet.</summary>
public class PendingStepException(string message) : ReqnrollException(message)
{
    public PendingStepException()
        : this("The step definition is not implemented.")
    {
    }
}

/// <summary>No step definition matches a step, and the configured outcome of that is an error.</summary>
public class MissingStepDefinitionException()
    : ReqnrollException("No matching step definition found for one or more steps.");
