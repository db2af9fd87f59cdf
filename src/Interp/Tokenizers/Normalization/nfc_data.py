#!/usr/bin/env python3
"""Writes NfcData.cs, the tables behind Nfc.cs, from the Unicode Character Database.

    python3 nfc_data.py /usr/share/unicode > NfcData.cs        (Debian: apt install unicode-data)
"""
import re, sys, textwrap

folder = sys.argv[1]
version = re.search(r"-(\d+\.\d+\.\d+)", open(f"{folder}/CompositionExclusions.txt").readline()).group(1)
excluded = {int(line.split()[0], 16) for line in open(f"{folder}/CompositionExclusions.txt")
            if re.match(r"[0-9A-F]{4}", line)}
classes, decompositions = {}, {}
for line in open(f"{folder}/UnicodeData.txt"):
    fields = line.split(";")
    code = int(fields[0], 16)
    if fields[3] != "0":
        classes[code] = int(fields[3])
    if fields[5] and not fields[5].startswith("<"):
        decompositions[code] = [int(part, 16) for part in fields[5].split()]

runs = []
for code, value in sorted(classes.items()):
    if runs and runs[-1][1] == code - 1 and runs[-1][2] == value:
        runs[-1][1] = code
    else:
        runs.append([code, code, value])

def one_way(code):
    """Full_Composition_Exclusion: never put together again."""
    parts = decompositions[code]
    return len(parts) == 1 or code in excluded or code in classes or parts[0] in classes

class_text = " ".join(f"{a:X}:{v}" if a == b else f"{a:X}-{b:X}:{v}" for a, b, v in runs)
pair_text = " ".join(f"{code:X}{'!' if one_way(code) else '='}" + "+".join(f"{p:X}" for p in parts)
                     for code, parts in sorted(decompositions.items()))

def block(text):
    return "\n".join("        " + line for line in textwrap.wrap(text, 108, break_on_hyphens=False))

print(f'''namespace Interp.Tokenizers.Normalization;

/// <summary>Canonical combining classes and decompositions of Unicode {version}; written by nfc_data.py.</summary>
internal static class NfcData
{{
    /// <summary>Code points (hexadecimal, single or range) and their combining class where it is not 0.</summary>
    public const string CombiningClasses = """
{block(class_text)}
        """;

    /// <summary>One-step canonical decompositions; <c>!</c> for those that are never composed again.</summary>
    public const string Decompositions = """
{block(pair_text)}
        """;
}}''')
