using System.Globalization;
using System.Text;
using CPChain.Lbft;
using CPChain.Lbft.Votes;

namespace CPChain.ModelChecking.Counterexamples;

/// <summary>
/// A counterexample as a picture: a lane for each validator, time running down, an arrow for each message that a step
/// delivers, from where it was said to where it was seen.
/// </summary>
public sealed class SpaceTimeDiagram
{
    private const int Left = 58;
    private const int Top = 92;
    private const int LaneWidth = 212;
    private const int RowHeight = 66;
    private const int BoxWidth = 176;
    private const int BoxHeight = 44;
    private const string Ink = "#1f2933";
    private const string Faint = "#7b8794";
    private const string Alarm = "#c81e1e";

    private readonly Counterexample _counterexample;
    private readonly Replay _replay;
    private readonly StringBuilder _svg = new();

    private SpaceTimeDiagram(Counterexample counterexample)
    {
        _counterexample = counterexample;
        _replay = Replay.Run(counterexample.Model, counterexample.Steps);
    }

    private Model Model => _counterexample.Model;

    private int Width => Left + (LaneWidth * Model.Committee.Validators) + 14;

    private int Bottom => Top + (RowHeight * _replay.Steps.Count) + 18;

    /// <summary>The picture as SVG text; it stands by itself.</summary>
    public static string Draw(Counterexample counterexample)
    {
        SpaceTimeDiagram diagram = new(counterexample);
        diagram.Draw();
        return diagram._svg.ToString();
    }

    private void Draw()
    {
        int height = Bottom + 74;
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" "
            + "font-family=\"'DejaVu Sans', Verdana, sans-serif\" font-size=\"12\">");
        Line($"<title>{Escape(_counterexample.Finding)}</title>");
        Line("<defs>");
        foreach (int value in (ReadOnlySpan<int>)[0, 1, 2])
            Line($"<marker id=\"to{value}\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" "
                + $"orient=\"auto\"><path d=\"M0 0.6 L7.6 4 L0 7.4 z\" fill=\"{ColourOf(value)}\"/></marker>");
        Line("</defs>");
        Line($"<rect width=\"{Width}\" height=\"{height}\" fill=\"#ffffff\"/>");
        Heading();
        Lanes();
        for (int row = 0; row < _replay.Steps.Count; row++) Arrows(row);
        for (int row = 0; row < _replay.Steps.Count; row++) Box(row);
        Verdict();
        Line("</svg>");
    }

    private void Heading()
    {
        string who = Model.Byzantine == 0 ? "no Byzantine validator" : $"{Model.Byzantine} Byzantine";
        Text(Left - 34, 26, $"{Model.Committee.Validators} validators, {who}, rules {_counterexample.RulesName}", 16, Ink, "start", true);
        int x = Left - 34;
        foreach (int value in Enumerable.Range(0, Model.Blocks + 1).Reverse())
        {
            Line($"<rect x=\"{x}\" y=\"39\" width=\"12\" height=\"12\" rx=\"3\" fill=\"{ColourOf(value)}\"/>");
            string what = value == 0 ? "I, the impeach block" : $"{Move.Name(value)}, a block of the proposer";
            Text(x + 18, 49, what, 12, Ink, "start");
            x += 190;
        }

        Text(x, 49, "arrows: votes, from where they were said to where they are seen", 12, Faint, "start");
    }

    private void Lanes()
    {
        for (int seat = 0; seat < Model.Committee.Validators; seat++)
        {
            bool isByzantine = seat >= Model.Honest;
            string name = isByzantine ? $"v{seat} (Byzantine)" : $"v{seat}";
            Text(CentreOf(seat), Top - 16, name, 14, isByzantine ? Alarm : Ink, "middle", true);
            int from = Top - 6;
            string colour = "#cbd2d9";
            foreach ((int row, string next) in TurnsOf(seat))
            {
                LaneLine(seat, from, RowOf(row), colour);
                (from, colour) = (RowOf(row), next);
            }

            LaneLine(seat, from, Bottom, colour);
        }
    }

    // A lane takes the colour of impeachment when its validator has left round 0.
    private IEnumerable<(int Row, string Colour)> TurnsOf(int seat)
    {
        int round = 0;
        for (int row = 0; row < _replay.Steps.Count; row++)
        {
            ReplayedStep step = _replay.Steps[row];
            if (step.Step.Validator != seat || step.Round == round) continue;
            round = step.Round;
            yield return (row, "#f3c98b");
        }
    }

    private void LaneLine(int seat, int from, int to, string colour) =>
        Line($"<line x1=\"{CentreOf(seat)}\" y1=\"{from}\" x2=\"{CentreOf(seat)}\" y2=\"{to}\" stroke=\"{colour}\" stroke-width=\"5\"/>");

    private void Arrows(int row)
    {
        ReplayedStep step = _replay.Steps[row];
        foreach (Delivery message in step.Delivered)
        {
            if (message.From == step.Step.Validator || message.Statement.Kind == StatementKind.Wish) continue;

            int value = Vocabulary.ValueOf(message.Statement.Hash);
            bool isByzantine = message.SaidAt < 0;
            int fromX = CentreOf(message.From);
            int fromY = isByzantine ? RowOf(row) - (RowHeight / 2) : RowOf(message.SaidAt) + (BoxHeight / 2);
            int side = message.From < step.Step.Validator ? -1 : 1;
            int toX = CentreOf(step.Step.Validator) + (side * ((BoxWidth / 2) + 2));
            int toY = RowOf(row) + ((message.From - step.Step.Validator) * 4 * side);
            int bend = Math.Max(24, (toY - fromY) / 2);
            if (isByzantine) Line($"<circle cx=\"{fromX}\" cy=\"{fromY}\" r=\"5\" fill=\"{Alarm}\"/>");
            Line($"<path d=\"M{fromX} {fromY} C{fromX} {fromY + bend} {toX + (side * 46)} {toY} {toX} {toY}\" fill=\"none\" "
                + $"stroke=\"{ColourOf(value)}\" stroke-width=\"1.7\" stroke-opacity=\"0.8\" marker-end=\"url(#to{value})\"/>");
        }
    }

    private void Box(int row)
    {
        ReplayedStep step = _replay.Steps[row];
        int x = CentreOf(step.Step.Validator) - (BoxWidth / 2), y = RowOf(row) - (BoxHeight / 2);
        int? value = step.Decision ?? (step.Said.Count > 0 ? Vocabulary.ValueOf(step.Said[^1].Hash) : null);
        string colour = value is { } known ? ColourOf(known) : Faint;
        string fill = step.Decision is null ? "#ffffff" : colour;
        Line($"<rect x=\"{x}\" y=\"{y}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"7\" fill=\"{fill}\" stroke=\"{colour}\" stroke-width=\"1.8\"/>");
        string ink = step.Decision is null ? Ink : "#ffffff";
        Text(x + (BoxWidth / 2), y + 18, SeenIn(step), 11, step.Decision is null ? Faint : ink, "middle");
        Text(x + (BoxWidth / 2), y + 35, DoneIn(step), 13, ink, "middle", true);
        Text(Left - 34, y + 27, (row + 1).ToString(CultureInfo.InvariantCulture), 13, Faint, "start", true);
    }

    private void Verdict()
    {
        string found = _replay.Violation ?? _counterexample.Finding;
        int y = Bottom + 14;
        Line($"<rect x=\"{Left - 34}\" y=\"{y}\" width=\"{Width - Left + 20}\" height=\"40\" rx=\"8\" fill=\"#fde8e8\" stroke=\"{Alarm}\"/>");
        Text(Width / 2, y + 26, char.ToUpperInvariant(found[0]) + found[1..], 15, Alarm, "middle", true);
    }

    private static string SeenIn(ReplayedStep step)
    {
        Move move = step.Step.Move;
        string seen = move.Kind switch
        {
            MoveKind.Proposal => $"receives proposal {Move.Name(move.Value)}",
            MoveKind.Body => $"receives the body of {Move.Name(move.Value)}",
            MoveKind.Prepares or MoveKind.Commits => $"sees {step.Delivered.Count} {NameOf(move)}",
            MoveKind.Wishes => $"enters round {move.Round}",
            MoveKind.Timer => $"timer of round {move.Round}",
            MoveKind.Propose => $"PROPOSE({move.Round}, {Move.Name(move.Value)}, {move.ValidRound})",
            MoveKind.Restart => "power loss, restart",
            _ => "restart without journal",
        };
        return move.PowerLossAt == 0 ? seen : seen + " - power loss";
    }

    private static string NameOf(Move move)
    {
        VoteClass voteClass = move.Kind == MoveKind.Prepares ? VoteClass.Prepare : VoteClass.Commit;
        return $"{WordOf(StatementKinds.VoteKind(voteClass, move.Round))}({Move.Name(move.Value)})";
    }

    private static string DoneIn(ReplayedStep step)
    {
        if (step.Decision is { } decision) return $"DECIDES {Move.Name(decision)}";
        if (step.Said.Count == 0) return step.Phase == Phase.Halted ? "halts" : "says nothing";
        return string.Join(", ", step.Said.Select(said => $"{WordOf(said.Kind)}({Move.Name(Vocabulary.ValueOf(said.Hash))})"));
    }

    private static string WordOf(StatementKind kind) => kind switch
    {
        StatementKind.ImpeachPrepare => "IMPEACH-PREPARE",
        StatementKind.ImpeachCommit => "IMPEACH-COMMIT",
        _ => kind.ToString().ToUpperInvariant(),
    };

    private static int CentreOf(int seat) => Left + (seat * LaneWidth) + (LaneWidth / 2);

    private static int RowOf(int row) => Top + (row * RowHeight) + (RowHeight / 2);

    private static string ColourOf(int value) => value switch { 0 => "#d9730d", 1 => "#1c64c9", _ => "#0e8f5f" };

    private void Text(int x, int y, string text, int size, string colour, string anchor, bool bold = false) =>
        Line($"<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" fill=\"{colour}\" text-anchor=\"{anchor}\""
            + $"{(bold ? " font-weight=\"bold\"" : "")}>{Escape(text)}</text>");

    private void Line(string line) => _svg.Append(line).Append('\n');

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
