using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Reqnroll.BoDi;

namespace Reqnroll.Bindings;

/// <summary>Calls a binding method, on an object of the container, and waits for it.</summary>
internal static class BindingInvoker
{
    /// <param name="method">Returns nothing, a value, a Task or a ValueTask.</param>
    /// <param name="arguments">Converted arguments.</param>
    /// <param name="container">Gives the instance of the binding class.</param>
    /// <param name="feature">Gives the culture of the call; null outside features.</param>
    /// <exception cref="BindingException">
    /// The arguments do not fit. As in the real package an ArgumentException of an asynchronous method ends here too.
    /// </exception>
    public static async Task<object?> InvokeAsync(MethodInfo method, object?[] arguments, IObjectContainer container, FeatureContext? feature)
    {
        // Outside the try: an error of a constructor stays a TargetInvocationException, as in the real package.
        var instance = method.IsStatic ? null : container.Resolve(method.ReflectedType!);
        try
        {
            var result = Call(method, instance, arguments, feature);
            switch (result)
            {
                case Task task:
                    await task;
                    return null;
                case ValueTask task:
                    await task;
                    return null;
                default:
                    return result;
            }
        }
        catch (ArgumentException e)
        {
            throw new BindingException($"Error calling binding method '{MethodText.Of(method)}': {e.Message}", e);
        }
        catch (TargetInvocationException e) when (e.InnerException is not null)
        {
            ExceptionDispatchInfo.Throw(e.InnerException);
            throw;
        }
    }

    private static object? Call(MethodInfo method, object? instance, object?[] arguments, FeatureContext? feature)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = feature?.BindingCulture ?? before;
        try
        {
            return method.Invoke(instance, arguments);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
