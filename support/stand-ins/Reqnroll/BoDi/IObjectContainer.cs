namespace Reqnroll.BoDi;

/// <summary>
/// Creates and keeps objects: one of a kind in each container. A container sees what is registered in those around it
/// (test run, test thread, feature, scenario) and disposes what it created.
/// </summary>
public interface IObjectContainer : IDisposable
{
    /// <exception cref="ObjectContainerException">The interface has been resolved already.</exception>
    void RegisterTypeAs<TType, TInterface>(string? name = null)
        where TType : class, TInterface;

    /// <param name="instance">Returned for <typeparamref name="TInterface"/> and for its own type.</param>
    /// <param name="name">Null for the unnamed registration.</param>
    /// <param name="dispose">Whether the container disposes the instance.</param>
    /// <exception cref="ObjectContainerException">The interface has been resolved already.</exception>
    void RegisterInstanceAs<TInterface>(TInterface instance, string? name = null, bool dispose = false)
        where TInterface : class;

    /// <summary>Registers a factory, called once in the container's life.</summary>
    /// <exception cref="ObjectContainerException">The interface has been resolved already.</exception>
    void RegisterFactoryAs<TInterface>(Func<IObjectContainer, TInterface> factoryDelegate, string? name = null);

    /// <exception cref="ObjectContainerException">An unregistered interface, a circular dependency, a disposed container.</exception>
    T Resolve<T>();

    /// <exception cref="ObjectContainerException">An unregistered interface, a circular dependency, a disposed container.</exception>
    T Resolve<T>(string name);

    /// <exception cref="ObjectContainerException">An unregistered interface, a circular dependency, a disposed container.</exception>
    object Resolve(Type typeToResolve, string? name = null);

    /// <summary>True when this container or one around it knows the type, registered or created before.</summary>
    bool IsRegistered<T>(string? name = null);
}

/// <summary>The container cannot do what was asked.</summary>
public class ObjectContainerException(string message) : Exception(message);
