// What a request holds, whatever form it came in.
using Duet.Server.Problems;
using Microsoft.AspNetCore.Http;

namespace Duet.Server.Requests;

/// <summary>The fields of a request. Reading products needs the model: it says which texts and features there are.</summary>
internal abstract class RequestBody : IDisposable
{
    /// <summary>A field with a text; null where it is not there.</summary>
    /// <exception cref="ProblemException">It is something else than a text.</exception>
    public abstract string? Text(string field);

    /// <summary>Whether a field has a list, rather than a single value.</summary>
    public abstract bool IsList(string field);

    /// <summary>A field with a list of texts; null where it is not there.</summary>
    /// <exception cref="ProblemException">It is something else.</exception>
    public abstract IReadOnlyList<string>? Texts(string field);

    /// <summary>The products, each read by itself: what is wrong with one is its own fault.</summary>
    /// <param name="model">The model that will answer.</param>
    /// <param name="settings">The limits.</param>
    /// <param name="others">Fields that the request may have beside the products.</param>
    /// <exception cref="ProblemException">There are none or too many, or there is a field that is not known.</exception>
    public abstract IReadOnlyList<RequestedProduct> Products(DuetModel model, ServerSettings settings, params string[] others);

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>A request that is wrong as a whole.</summary>
    protected static ProblemException Bad(string field, string reason) => new(StatusCodes.Status400BadRequest, reason) { Field = field };

    /// <summary>A field that no request of this kind has.</summary>
    protected static ProblemException Unknown(string field, IEnumerable<string> known) =>
        // A name can be as long as the body; what is shown of it is not.
        Bad(field[..Math.Min(field.Length, 64)], $"There is no such field; this request has {string.Join(", ", known)}.");
}
