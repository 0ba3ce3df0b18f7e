namespace k8s.Exceptions;

/// <summary>A kubeconfig cannot be found or does not say what is needed.</summary>
public class KubeConfigException : Exception
{
    public KubeConfigException(string message)
        : base(message)
    {
    }

    public KubeConfigException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
