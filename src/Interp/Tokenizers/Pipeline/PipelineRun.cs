using Interp.Tokenizers.Models;
using Interp.Tokenizers.Normalization;
using Interp.Tokenizers.PreTokenizers;

namespace Interp.Tokenizers.Pipeline;

/// <summary>One encoding under way: takes normalized text, cuts it, and gathers ids and, where asked, places.</summary>
internal sealed class PipelineRun : IPieceSink
{
    private readonly PipelineParts parts;
    private readonly PieceEncoder encoder;
    private readonly List<(int Start, int End)>? spans;
    private readonly IPieceSink entry;
    private readonly ModelEnd end;
    private TrackedText text = new(tracked: false);

    public PipelineRun(PipelineParts parts, PieceEncoder encoder, List<(int Start, int End)>? spans)
    {
        (this.parts, this.encoder, this.spans) = (parts, encoder, spans);
        end = new ModelEnd(this);
        entry = PreTokenizer.Chain(parts.Cuts, this);
    }

    /// <summary>Whether texts must know where they come from: for places, and to tell the first piece.</summary>
    public bool NeedsOrigins => spans is not null || parts.Metaspace is { Scheme: PrependScheme.First };

    /// <summary>An added token.</summary>
    public void Add(AddedToken token, int start, int stop)
    {
        encoder.Output.Add(token.Id);
        spans?.Add((start, stop));
    }

    /// <summary>A stretch of normalized text.</summary>
    public void Add(TrackedText normalized, int from, int to)
    {
        if (from == to) return;
        text = normalized;
        entry.Add(normalized.Span[from..to]);
    }

    /// <summary>A piece from the cuts, always a slice of the text.</summary>
    public void Add(ReadOnlySpan<char> piece)
    {
        if (parts.Metaspace is not { } metaspace)
        {
            end.Encode(text, piece);
            return;
        }
        // Only here do piece and text part: the piece is rewritten, and cut after that.
        text.Span.Overlaps(piece, out var at);
        var rewritten = new TrackedText(text.Tracked, piece.Length + 1);
        var prepends = piece[0] != metaspace.Replacement && piece[0] != ' ' && metaspace.Scheme switch
        {
            PrependScheme.Always => true,
            PrependScheme.First => text.Origin(at, at + piece.Length).Start == 0,
            _ => false,
        };
        if (prepends) rewritten.Append([metaspace.Replacement], text, at, at);
        for (var done = 0; done < piece.Length;)
        {
            var space = piece[done..].IndexOf(' ');
            var stop = space < 0 ? piece.Length : done + space;
            rewritten.Copy(text, at + done, at + stop);
            if (space >= 0) rewritten.Append([metaspace.Replacement], text, at + stop, at + stop + 1);
            done = stop + 1;
        }
        end.Text = rewritten;
        metaspace.Split(rewritten.Span, end);
    }

    private sealed class ModelEnd(PipelineRun run) : IPieceSink
    {
        public TrackedText Text { get; set; } = new(tracked: false);

        public void Add(ReadOnlySpan<char> piece) => Encode(Text, piece);

        public void Encode(TrackedText text, ReadOnlySpan<char> piece)
        {
            run.encoder.Encode(piece);
            if (run.spans is null) return;
            text.Span.Overlaps(piece, out var at);
            foreach (var (start, stop) in run.encoder.Places!) run.spans.Add(text.Origin(at + start, at + stop));
            run.encoder.Places.Clear();
        }
    }
}
