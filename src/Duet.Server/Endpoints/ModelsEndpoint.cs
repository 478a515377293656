// GET /v1/models
using System.Text.Json.Nodes;
using Duet.Data;
using Duet.Server.Serving;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Endpoints;

/// <summary>Lists the models, in the form that clients of OpenAI's API know, with what Duet knows beyond it.</summary>
internal static class ModelsEndpoint
{
    public static IResult Answer(ModelCatalog catalog) =>
        new JsonAnswer(new JsonObject { ["object"] = "list", ["data"] = new JsonArray([.. catalog.Slots.Select(Describe)]) });

    private static JsonObject Describe(ModelSlot slot)
    {
        var served = slot.Use();
        try
        {
            var model = served.Model;
            return new JsonObject
            {
                ["id"] = slot.Name,
                ["object"] = "model",
                ["created"] = slot.Loaded.ToUnixTimeSeconds(),
                ["owned_by"] = "duet",
                ["system"] = model.Configuration.Model,
                ["preset"] = model.Configuration.Preset,
                ["texts"] = Names(model.Configuration.Data.TextColumns),
                ["features"] = Names(model.Features.Features.Select(feature => feature.Column)),
                ["tasks"] = new JsonArray([
                    .. model.Schema.Tasks.Select(task => new JsonObject
                    {
                        ["name"] = task.Name,
                        ["several"] = task.Kind == TaskKind.MultiLabel,
                        ["classes"] = task.Classes.Count,
                    }),
                ]),
                ["calibrated"] = model.Calibration is not null,
                ["reload_error"] = slot.ReloadError,
            };
        }
        finally
        {
            served.Release();
        }
    }

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];
}
