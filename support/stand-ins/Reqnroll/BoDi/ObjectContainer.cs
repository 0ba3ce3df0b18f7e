namespace Reqnroll.BoDi;

/// <summary>See <see cref="IObjectContainer"/>. Safe for parallel use: a container locks itself, then those around it.</summary>
internal sealed class ObjectContainer : IObjectContainer
{
    private readonly ObjectContainer? _parent;
    private readonly Lock _lock = new();
    private readonly Dictionary<Key, Registration> _registrations = [];
    private readonly HashSet<Key> _resolved = [];

    /// <summary>What was created or registered, by its own type and in order: the order of disposal.</summary>
    private readonly OrderedDictionary<Key, Pooled> _pool = [];

    private bool _disposed;

    public ObjectContainer(ObjectContainer? parent = null)
    {
        _parent = parent;
        RegisterInstanceAs<IObjectContainer>(this);
    }

    public void RegisterTypeAs<TType, TInterface>(string? name = null)
        where TType : class, TInterface => Register(new Key(typeof(TInterface), name), new TypeRegistration(typeof(TType)));

    public void RegisterFactoryAs<TInterface>(Func<IObjectContainer, TInterface> factoryDelegate, string? name = null) =>
        Register(new Key(typeof(TInterface), name), new FactoryRegistration(factoryDelegate));

    public void RegisterInstanceAs<TInterface>(TInterface instance, string? name = null, bool dispose = false)
        where TInterface : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        lock (_lock)
        {
            Register(new Key(typeof(TInterface), name), new InstanceRegistration(instance));
            _pool[new Key(instance.GetType(), name)] = new Pooled(instance, dispose);
        }
    }

    public T Resolve<T>() => (T)Resolve(typeof(T));

    public T Resolve<T>(string name) => (T)Resolve(typeof(T), name);

    public object Resolve(Type typeToResolve, string? name = null) => Resolve(new Key(typeToResolve, name), []);

    public bool IsRegistered<T>(string? name = null) => Find(new Key(typeof(T), name)) is not null;

    public void Dispose()
    {
        List<IDisposable> own;
        lock (_lock)
        {
            if (_disposed) return;
            _disposed = true;
            own = [.. _pool.Values.Where(p => p.Dispose).Select(p => p.Instance).OfType<IDisposable>()];
        }

        own.ForEach(o => o.Dispose());
    }

    private void Register(Key key, Registration registration)
    {
        lock (_lock)
        {
            AssertNotDisposed();
            if (_resolved.Contains(key))
                throw new ObjectContainerException($"An object has already been resolved for the interface \"{key}\".");
            _registrations[key] = registration;
        }
    }

    private (ObjectContainer Owner, Registration Registration)? Find(Key key)
    {
        lock (_lock)
        {
            if (_registrations.TryGetValue(key, out var registration)) return (this, registration);
        }

        return _parent?.Find(key);
    }

    private object Resolve(Key key, IReadOnlyList<Key> path)
    {
        lock (_lock)
        {
            AssertNotDisposed();
            if (key.Type.IsValueType || key.Type == typeof(string))
                throw Unresolvable("Primitive types or structs cannot be resolved", key, path);

            _resolved.Add(key);
            if (Find(key) is { } found) return found.Owner.Obtain(key, found.Registration, found.Owner == this ? path : []);

            var registration = new TypeRegistration(key.Type);
            _registrations[key] = registration;
            return Obtain(key, registration, path);
        }
    }

    private object Obtain(Key key, Registration registration, IReadOnlyList<Key> path)
    {
        lock (_lock)
        {
            return registration switch
            {
                InstanceRegistration instance => instance.Instance,
                TypeRegistration type => FromPool(key with { Type = type.Type }, k => Create(k, path)),
                FactoryRegistration factory => FromPool(key, k => Call(factory.Factory, k, path)),
                _ => throw new InvalidOperationException("An unknown kind of registration."),
            };
        }
    }

    private object FromPool(Key key, Func<Key, object> create)
    {
        if (_pool.TryGetValue(key, out var pooled)) return pooled.Instance;
        var instance = create(key);
        _pool[key] = new Pooled(instance, Dispose: true);
        return instance;
    }

    private object Call(Delegate factory, Key key, IReadOnlyList<Key> path)
    {
        if (path.Contains(key)) throw Unresolvable("Circular dependency found!", key, path);
        return factory.DynamicInvoke(this) ?? throw Unresolvable("The factory returned null", key, path);
    }

    private object Create(Key key, IReadOnlyList<Key> path)
    {
        if (path.Contains(key)) throw Unresolvable("Circular dependency found!", key, path);
        if (key.Type.IsInterface) throw Unresolvable("Interface cannot be resolved", key, path);

        var constructors = key.Type.GetConstructors();
        var longest = constructors.Length == 0 ? 0 : constructors.Max(c => c.GetParameters().Length);
        var candidates = constructors.Where(c => c.GetParameters().Length == longest).ToList();
        if (candidates.Count != 1)
            throw Unresolvable(candidates.Count == 0 ? "No public constructor" : "Multiple public constructors with same maximum parameter count are not supported!", key, path);

        Key[] deeper = [.. path, key];
        return candidates[0].Invoke([.. candidates[0].GetParameters().Select(p => Resolve(new Key(p.ParameterType, null), deeper))]);
    }

    private void AssertNotDisposed()
    {
        if (_disposed) throw new ObjectContainerException("Object container disposed");
    }

    private static ObjectContainerException Unresolvable(string problem, Key key, IReadOnlyList<Key> path) =>
        new($"{problem}: {key}{(path.Count == 0 ? "" : $" (resolution path: {string.Join("->", path)})")}");

    private sealed record Key(Type Type, string? Name)
    {
        public override string ToString() => Name is null ? Type.FullName! : $"{Type.FullName}('{Name}')";
    }

    private sealed record Pooled(object Instance, bool Dispose);

    private abstract record Registration;

    private sealed record TypeRegistration(Type Type) : Registration;

    private sealed record InstanceRegistration(object Instance) : Registration;

    private sealed record FactoryRegistration(Delegate Factory) : Registration;
}
