using System.Globalization;
using System.Text;

namespace Portal.Provisioning.Sandbox;

/// <summary>Where a walk over an object stands. Spelled only when there is something to say about the place, which is hardly ever.</summary>
internal sealed class FieldPath
{
    private readonly List<(string? Field, int Index)> _steps = [];

    public int Depth => _steps.Count;

    public void Enter(string field) => _steps.Add((field, 0));

    public void Enter(int index) => _steps.Add((null, index));

    public void Leave() => _steps.RemoveAt(_steps.Count - 1);

    /// <summary>As <c>spec.containers[0].image</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (field, index) in _steps)
        {
            if (field is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else
            {
                text.Append(text.Length > 0 ? "." : "").Append(field);
            }
        }

        return text.ToString();
    }
}
