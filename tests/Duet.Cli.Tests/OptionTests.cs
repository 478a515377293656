// Every option of every command takes a value: none can be broken unseen.
using System.CommandLine;
using System.CommandLine.Help;

namespace Duet.Cli.Tests;

[Collection(CliCollection.Name)]
public sealed class OptionTests(TrainedRun trained)
{
    // A value for every option that takes one, by its name, or by command and name where it means something else there.
    private static readonly Dictionary<string, string[]> Values = new(StringComparer.Ordinal)
    {
        ["--ablation"] = ["table"],
        ["--against"] = ["run"],
        ["--at-precision"] = ["0.8"],
        ["--batch-size"] = ["16"],
        ["--batch-wait"] = ["2.5"],
        ["--beams"] = ["4"],
        ["--body-deadline"] = ["10"],
        ["--calibrated"] = ["false"],
        ["--column"] = ["category"],
        ["--confidence"] = ["0.9"],
        ["--corruption"] = ["blur"],
        ["--data"] = [TrainedRun.Table],
        ["--data-format"] = ["table"],
        ["--deadline"] = ["20"],
        ["--decode-threads"] = ["2"],
        ["--delimiter"] = [";"],
        ["--device"] = ["cpu"],
        ["--drain-time"] = ["20"],
        ["--encoding"] = ["windows-1252"],
        ["--epochs"] = ["3"],
        ["--examples"] = ["2"],
        ["--feature"] = ["brand"],
        ["explain --feature"] = ["brand=x"],
        ["--fit-share"] = ["0.5"],
        ["--grid"] = ["4"],
        ["--group-column"] = ["seller"],
        ["--id"] = ["id"],
        ["--image"] = ["image"],
        ["--image-folder"] = ["catalogue"],
        ["--include"] = ["*.json"],
        ["--inputs"] = ["image"],
        ["--json"] = ["new.json"],
        ["--label-separator"] = [";"],
        ["--labels"] = ["shoe,bag"],
        ["--language"] = ["language"],
        ["--layer"] = ["0"],
        ["--learning-rate"] = ["0.001"],
        ["--length-penalty"] = ["1"],
        ["--loader-threads"] = ["2"],
        ["--long-text"] = ["head-tail"],
        ["--maximum-length"] = ["12"],
        ["--max-batch"] = ["4"],
        ["--max-body-bytes"] = ["1000000"],
        ["--max-body-memory"] = ["10000000"],
        ["--max-connections"] = ["100"],
        ["--max-labels"] = ["10"],
        ["--max-picture-bytes"] = ["100000"],
        ["--max-pixels"] = ["1000000"],
        ["--max-products"] = ["8"],
        ["--max-text"] = ["1000"],
        ["--max-lost"] = ["0.5"],
        ["--method"] = ["isotonic"],
        ["caption --method"] = ["beam"],
        ["explain --method"] = ["occlusion"],
        ["--minimum-length"] = ["2"],
        ["--minutes"] = ["1.5"],
        ["--model"] = ["cma-clip"],
        ["serve --model"] = ["other=nowhere"],
        ["--models"] = ["cma-clip,clip"],
        ["--multi-label-task"] = ["tags"],
        ["--outside"] = ["0.02"],
        ["--output"] = ["new.csv"],
        ["demo --output"] = ["catalogue"],
        ["embed --output"] = ["new.npy"],
        ["report --output"] = ["new.html"],
        ["train --output"] = ["run"],
        ["compare --output"] = ["catalogue"],
        ["ablate --output"] = ["catalogue"],
        ["explain --output"] = ["new"],
        ["import --output"] = ["new"],
        ["--patience"] = ["2"],
        ["--placeholder"] = [new string('A', 64)],
        ["--precision"] = ["fp32"],
        ["calibrate --precision"] = ["0.9"],
        ["--preprocessing"] = ["exact"],
        ["--preset"] = ["tiny"],
        ["--pretrain-epochs"] = ["1"],
        ["--pretrained"] = ["run"],
        ["--products"] = ["100"],
        ["--queue-limit"] = ["32"],
        ["--reload-interval"] = ["1"],
        ["--request-rate"] = ["100"],
        ["--revision"] = ["main"],
        ["--sample"] = ["10"],
        ["--seed"] = ["7"],
        ["--seeds"] = ["1,2"],
        ["--set"] = ["fusion_layers=1"],
        ["compare --set"] = ["label_smoothing=0.2"],
        ["--slice"] = ["split"],
        ["--split"] = ["test"],
        ["--split-column"] = ["split"],
        ["--split-fractions"] = ["0.8", "0.1", "0.1"],
        ["--task"] = ["category"],
        ["--taxonomy"] = ["category=tree.txt"],
        ["--temperature"] = ["0.5"],
        ["--template"] = ["a {}"],
        ["--text"] = ["title"],
        ["--threads"] = ["1"],
        ["train --threads"] = ["auto"],
        ["--threshold"] = ["0.4"],
        ["--tokenizer"] = ["run"],
        ["--top-p"] = ["0.9"],
        ["--urls"] = ["http://127.0.0.1:0"],
        ["--weight-decay"] = ["0.01"],
        ["--without"] = ["fusion_layers=1"],
    };

    // What a command says once it has read all its options, and the options that contradict others.
    private static readonly Dictionary<string, (string Argument, string Ending, string[] LeftOut)> Ends = new(StringComparer.Ordinal)
    {
        ["demo"] = ("", "not the demo's", []),
        ["train"] = ("", "holds a run already", ["--resume", "--minutes", "--list-settings", "--feature", "--pretrained"]),
        ["evaluate"] = ("nowhere", "nowhere is not a run folder", ["--without-features", "--without-image", "--without-text"]),
        ["calibrate"] = ("nowhere", "nowhere is not a run folder", ["--without-features", "--without-image", "--without-text"]),
        ["report"] = ("nowhere", "nowhere is not a run folder", ["--without-features", "--without-image", "--without-text"]),
        ["predict"] = ("nowhere", "nowhere is not a run folder", ["--without-features", "--without-image", "--without-text"]),
        ["serve"] = ("nowhere", "nowhere is not a run folder", []),
        ["taxonomy"] = ("nowhere.txt", "nowhere.txt", []),
        ["embed"] = ("nowhere", "nowhere is not a run folder", ["--without-features", "--without-image", "--without-text"]),
        ["inspect"] = ("nowhere", "nowhere is not a run folder", []),
        ["import"] = ("nowhere", "nowhere", []),
        ["pull"] = ("no name", "no name", []),
        ["compare"] = ("", "has no column", ["--markdown", "--feature", "--pretrained", "--minutes"]),
        ["ablate"] = ("", "has no column", ["--markdown", "--feature", "--pretrained", "--minutes"]),
        ["zero-shot"] = ("nowhere", "nowhere is not a run folder", ["--without-features", "--without-image", "--without-text"]),
        ["caption"] = ("nowhere", "nowhere is not a run folder", []),
        ["explain"] = ("nowhere", "nowhere is not a run folder", []),
        ["robustness"] = (
            "nowhere",
            "nowhere is not a run folder",
            ["--without-features", "--without-image", "--without-text", "--markdown"]
        ),
        ["data check"] = ("", "has no column", ["--feature"]),
    };

    public static TheoryData<string, string> EveryOption
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var (name, command) in Commands(CommandLine.CreateRoot()))
            {
                foreach (var option in Options(command))
                {
                    all.Add(name, option.Name);
                }
            }

            return all;
        }
    }

    public static TheoryData<string> EveryCommand => [.. Commands(CommandLine.CreateRoot()).Select(command => command.Name)];

    [Theory]
    [MemberData(nameof(EveryOption))]
    public void An_option_is_parsed_with_its_value(string command, string option)
    {
        var root = CommandLine.CreateRoot();
        var found = Options(Commands(root).Single(other => other.Name == command).Command).Single(other => other.Name == option);
        string[] value = ValueOf(command, found);
        string[] argument = Ends[command].Argument is { Length: > 0 } named ? [named] : [];
        var parsed = CommandLine.Parse(root, [.. command.Split(' '), .. argument, option, .. value]);
        parsed.Errors.Select(error => error.Message).ShouldBeEmpty();
        parsed.GetResult(found).ShouldNotBeNull().Tokens.Select(token => token.Value).ShouldBe(value);
    }

    [Theory]
    [MemberData(nameof(EveryCommand))]
    public void A_command_takes_all_its_options_together(string command)
    {
        var (argument, ending, leftOut) = Ends[command];
        var options = Options(Commands(CommandLine.CreateRoot()).Single(other => other.Name == command).Command)
            .Where(option => !leftOut.Contains(option.Name, StringComparer.Ordinal))
            .SelectMany(option => (string[])[option.Name, .. ValueOf(command, option)]);
        string[] words = [.. command.Split(' '), .. argument.Length > 0 ? (string[])[argument] : [], .. options];
        var ended = trained.Run(words);
        ended.Code.ShouldBeOneOf(1, 2);
        ended.Error.ShouldContain(ending);
        ended.Error.ShouldNotContain("Cannot parse");
    }

    private static string[] ValueOf(string command, Option option)
    {
        if (option.ValueType == typeof(bool))
        {
            return [];
        }

        return Values.TryGetValue($"{command} {option.Name}", out var own) || Values.TryGetValue(option.Name, out own)
            ? own
            : throw new InvalidOperationException(
                $"{command} {option.Name} has no value in OptionTests: give it one, so that it is tested."
            );
    }

    private static IEnumerable<(string Name, Command Command)> Commands(Command parent, string prefix = "") =>
        parent.Subcommands.SelectMany(command =>
            command.Subcommands.Count > 0 ? Commands(command, $"{prefix}{command.Name} ") : [(prefix + command.Name, command)]
        );

    private static IEnumerable<Option> Options(Command command) =>
        command.Options.Where(option => option is not (HelpOption or VersionOption));
}
