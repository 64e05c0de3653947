//! HTML's names of characters: those of ASCII, and those that programs write for other letters and punctuation.

/// The names of ASCII characters (HTML Living Standard §13.5).
const NAMES: [(&str, char); 45] = [
    ("amp", '&'),
    ("AMP", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("DiacriticalGrave", '`'),
    ("dollar", '$'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("GT", '>'),
    ("Hat", '^'),
    ("lbrace", '{'),
    ("lbrack", '['),
    ("lcub", '{'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lsqb", '['),
    ("lt", '<'),
    ("LT", '<'),
    ("midast", '*'),
    ("NewLine", '\n'),
    ("num", '#'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("quest", '?'),
    ("quot", '"'),
    ("QUOT", '"'),
    ("rbrace", '}'),
    ("rbrack", ']'),
    ("rcub", '}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("sol", '/'),
    ("Tab", '\t'),
    ("UnderBar", '_'),
    ("verbar", '|'),
    ("vert", '|'),
    ("VerticalLine", '|'),
];

/// The names of other letters, of punctuation and of invisible characters (HTML 4.01 §24), each list with its first character:
/// the others follow it in Unicode.
const RUNS: [(char, &str); 23] = [
    (
        '\u{a0}',
        "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn \
     sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave \
     Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml \
     ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN \
     szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute \
     icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml \
     yacute thorn yuml",
    ),
    ('\u{152}', "OElig oelig"),
    ('\u{160}', "Scaron scaron"),
    ('\u{178}', "Yuml"),
    ('\u{192}', "fnof"),
    ('\u{2c6}', "circ"),
    ('\u{2dc}', "tilde"),
    ('\u{391}', "Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho"),
    ('\u{3a3}', "Sigma Tau Upsilon Phi Chi Psi Omega"),
    (
        '\u{3b1}',
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf \
     sigma tau upsilon phi chi psi omega",
    ),
    ('\u{2002}', "ensp emsp"),
    ('\u{2009}', "thinsp"),
    ('\u{200b}', "ZeroWidthSpace zwnj zwj lrm rlm"),
    ('\u{2013}', "ndash mdash"),
    ('\u{2018}', "lsquo rsquo sbquo"),
    ('\u{201c}', "ldquo rdquo bdquo"),
    ('\u{2020}', "dagger Dagger bull"),
    ('\u{2026}', "hellip"),
    ('\u{2030}', "permil"),
    ('\u{2039}', "lsaquo rsaquo"),
    ('\u{2060}', "NoBreak"),
    ('\u{20ac}', "euro"),
    ('\u{2122}', "trade"),
];

/// The names that HTML also accepts without a semicolon.
pub(super) const NAMES_ALONE: [&str; 4] = ["amp", "lt", "gt", "quot"];

/// Returns the character of that name.
pub(super) fn character_named(name: &[u8]) -> Option<char> {
    let of_ascii = NAMES.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, character)| *character);
    of_ascii.or_else(|| RUNS.iter().find_map(|(first, names)| in_run(*first, names, name)))
}

fn in_run(first: char, names: &str, name: &[u8]) -> Option<char> {
    let at = names.split_ascii_whitespace().position(|known| known.as_bytes() == name)?;
    char::from_u32(u32::from(first) + u32::try_from(at).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_its_character() {
        let rows = [
            ("sol", '/'),
            ("nbsp", '\u{a0}'),
            ("uuml", 'ü'),
            ("yuml", 'ÿ'),
            ("szlig", 'ß'),
            ("Rho", 'Ρ'),
            ("Sigma", 'Σ'),
            ("omega", 'ω'),
            ("zwj", '\u{200d}'),
            ("euro", '€'),
        ];
        for (name, character) in rows {
            assert_eq!(character_named(name.as_bytes()), Some(character), "{name}");
        }
        for none in ["", "Sol", "other", "nbsp iexcl"] {
            assert_eq!(character_named(none.as_bytes()), None, "{none}");
        }
    }
}
