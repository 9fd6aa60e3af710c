import ApusValues

/// The error of a text that departs from the format of a time at a position, in Joda's words.
func malformedTime(_ scalars: [Unicode.Scalar], at position: Int) -> SQLError {
  var text = String.UnicodeScalarView(scalars)
  if scalars.count > position + 35 {
    text = String.UnicodeScalarView(scalars.prefix(position + 32))
    text.append(contentsOf: "...".unicodeScalars)
  }
  let start = "Invalid format: \"\(String(text))\""
  if position == 0 { return invalidArgument(start) }
  if position >= scalars.count { return invalidArgument(start + " is too short") }
  let rest = String(String.UnicodeScalarView(text.dropFirst(position)))
  return invalidArgument(start + " is malformed at \"\(rest)\"")
}
