using System.Text;
using System.Text.RegularExpressions;

namespace Reqnroll.Expressions;

/// <summary>Turns a cucumber expression into the regular expression that the whole step text must match.</summary>
internal sealed class CucumberExpression
{
    private readonly string _source;
    private readonly ParameterTypes _types;
    private int _position;

    private CucumberExpression(string source, ParameterTypes types)
    {
        _source = source;
        _types = types;
    }

    private enum Kind
    {
        Text,
        Space,
        Optional,
        Parameter,
        Slash,
    }

    /// <exception cref="FormatException">The expression is wrong; the message shows where and why.</exception>
    public static Regex Compile(string source, ParameterTypes types) =>
        new($"^{new CucumberExpression(source, types).Pattern()}$", RegexOptions.CultureInvariant);

    /// <summary>
    /// Tells cucumber expressions from regular ones as the real package does: anchors make a regular expression;
    /// else a {parameter} makes a cucumber expression; else a group with a quantifier, .*, \. or \d+ makes a regular one.
    /// </summary>
    public static bool IsCucumber(string expression)
    {
        if (expression.StartsWith('^') || expression.EndsWith('$')) return false;
        return Regex.IsMatch(expression, @"\{\w*\}") || !Regex.IsMatch(expression, @"\([^)]+[*+]\)|\.\*|\\\.|\\d\+");
    }

    private string Pattern()
    {
        var nodes = new List<Node>();
        while (_position < _source.Length) nodes.Add(Next());

        var pattern = new StringBuilder();
        var word = new List<Node>();
        foreach (var node in nodes)
        {
            // Spaces and parameters end an alternation.
            if (node.Kind is Kind.Space or Kind.Parameter)
            {
                pattern.Append(Alternation(word)).Append(node.Pattern);
                word.Clear();
            }
            else
            {
                word.Add(node);
            }
        }

        return pattern.Append(Alternation(word)).ToString();
    }

    private string Alternation(List<Node> word)
    {
        var alternatives = new List<List<Node>> { new() };
        foreach (var node in word)
        {
            if (node.Kind == Kind.Slash) alternatives.Add([]);
            else alternatives[^1].Add(node);
        }

        var patterns = alternatives.Select(a => string.Concat(a.Select(n => n.Pattern)));
        if (alternatives.Count == 1) return patterns.Single();

        var slash = word.Find(n => n.Kind == Kind.Slash)!;
        if (alternatives.Exists(a => a.Count == 0)) throw Wrong(slash.Start, "Alternative may not be empty", "If you did not mean to use an alternative you can use '\\/' to escape the '/'");
        if (alternatives.Exists(a => a.TrueForAll(n => n.Kind == Kind.Optional))) throw Wrong(slash.Start, "An alternative may not exclusively contain optionals", "If you did not mean to use an optional you can use '\\(' to escape the '('");
        return $"(?:{string.Join('|', patterns)})";
    }

    private Node Next()
    {
        var start = _position;
        switch (_source[_position])
        {
            case '{':
                return new Node(Kind.Parameter, start, Parameter(start, Inside(start, '}')));
            case '(':
                return new Node(Kind.Optional, start, Optional(start, Inside(start, ')')));
            case '/':
                _position++;
                return new Node(Kind.Slash, start, "");
            case var c when char.IsWhiteSpace(c):
                _position++;
                return new Node(Kind.Space, start, Regex.Escape(c.ToString()));
            default:
                return new Node(Kind.Text, start, Regex.Escape(Character().ToString()));
        }
    }

    private char Character()
    {
        if (_source[_position] != '\\') return _source[_position++];
        if (_position + 1 == _source.Length) throw Wrong(_position, "The end of line can not be escaped", "You can use '\\\\' to escape the '\\'");
        if (!@"{}()\/".Contains(_source[_position + 1]) && !char.IsWhiteSpace(_source[_position + 1]))
            throw Wrong(_position, "Only the characters '{', '}', '(', ')', '\\', '/' and whitespace can be escaped", "If you did mean to use an '\\' you can use '\\\\' to escape it");
        _position += 2;
        return _source[_position - 1];
    }

    /// <summary>Reads up to the closing character; nothing nests.</summary>
    private string Inside(int start, char close)
    {
        var inside = new StringBuilder();
        for (_position++; _position < _source.Length; inside.Append(Character()))
        {
            if (_source[_position] == close)
            {
                _position++;
                return inside.ToString();
            }

            if (_source[_position] == '(') throw Wrong(_position, "An optional may not contain an other optional", "If you did not mean to use an optional you can use '\\(' to escape the '('");
            if (_source[_position] == '/') throw Wrong(_position, "An alternation can not be used inside an optional", "If you did not mean to use an alternation you can use '\\/' to escape the '/'. Otherwise rephrase your expression or consider using a regular expression instead.");
            if (_source[_position] == '{') throw Wrong(_position, "An optional may not contain a parameter type", "If you did not mean to use a parameter type you can use '\\{' to escape the '{'");
        }

        throw Wrong(start, $"The '{_source[start]}' does not have a matching '{close}'", $"If you did not intend it you can use '\\{_source[start]}' to escape the '{_source[start]}'");
    }

    private string Optional(int start, string text) => text.Length > 0
        ? $"(?:{Regex.Escape(text)})?"
        : throw Wrong(start, "An optional must contain some text", "If you did not mean to use an optional you can use '\\(' to escape the '('");

    private string Parameter(int start, string name) => _types.Find(name)
        ?? throw Wrong(start, $"Undefined parameter type '{name}'", $"Please register a ParameterType for '{name}'");

    private FormatException Wrong(int index, string problem, string solution) =>
        new($"This Cucumber Expression has a problem at column {index + 1}:\n\n{_source}\n{new string(' ', index)}^\n{problem}.\n{solution}");

    private sealed record Node(Kind Kind, int Start, string Pattern);
}
