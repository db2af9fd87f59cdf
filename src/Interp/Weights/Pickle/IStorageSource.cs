namespace Interp.Weights;

/// <summary>Turns the persistent ids of a pickle into the storages of the file around it.</summary>
internal interface IStorageSource
{
    /// <summary>The storage that an id names.</summary>
    /// <exception cref="WeightsFormatException">It is no id of a storage, or the file does not hold it.</exception>
    object? Storage(PickleMachine machine, object? id);
}
