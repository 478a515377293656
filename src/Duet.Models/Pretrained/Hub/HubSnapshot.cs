// A model's files at one commit, on this machine.
namespace Duet.Models.Pretrained.Hub;

/// <summary>What a pull gives.</summary>
/// <param name="Repository">The repository, as in <c>openai/clip-vit-base-patch32</c>.</param>
/// <param name="Revision">The branch, tag or commit asked for.</param>
/// <param name="Commit">The commit it stands for.</param>
/// <param name="Folder">The folder with the files.</param>
/// <param name="Files">The files.</param>
/// <param name="Skipped">Files of the repository that were not fetched because their kind is not allowed or not asked for.</param>
public sealed record HubSnapshot(
    string Repository,
    string Revision,
    string Commit,
    string Folder,
    IReadOnlyList<HubFile> Files,
    IReadOnlyList<string> Skipped
);
