import ApusValues

// Grammar/Statements/CreateTable.grammar: rowFormat and storageFormat.
extension Parser {
  /// Words that are not the name of a format.
  static let notFormats: Set<Keyword> = [.inputformat]

  mutating func parseRowFormat(
    _ serdeProperties: inout [TextProperty]
  ) throws(SQLError) -> RowFormat? {
    guard accept(.row) else { return nil }
    try expect(.format)
    let start = index
    guard try expect(oneOf: .serde, .delimited) == .serde else {
      return .delimited(try parseDelimitedFormat(start))
    }
    let name = try parseDDLText()
    try parseSerdeProperties(into: &serdeProperties)
    return .serde(name)
  }

  private mutating func parseDelimitedFormat(_ start: Int) throws(SQLError) -> DelimitedFormat {
    var format = DelimitedFormat(range: range(from: start))
    if accept(.fields) {
      format.fieldsTerminatedBy = try parseTerminator()
      if accept(.escaped) {
        try expect(.by)
        format.escapedBy = try parseDDLText()
      }
    }
    if accept(.collection) {
      try expect(.items)
      format.collectionItemsTerminatedBy = try parseTerminator()
    }
    if accept(.map) {
      try expect(.keys)
      format.mapKeysTerminatedBy = try parseTerminator()
    }
    if accept(.lines) { format.linesTerminatedBy = try parseTerminator() }
    if accept(.null) {
      try expect(.defined)
      try expect(.as)
      format.nullDefinedAs = try parseDDLText()
    }
    format.range = range(from: start)
    return format
  }

  private mutating func parseTerminator() throws(SQLError) -> StringLiteral {
    try expect(.terminated)
    try expect(.by)
    return try parseDDLText()
  }

  mutating func parseStorageFormat(
    _ serdeProperties: inout [TextProperty]
  ) throws(SQLError) -> StorageFormat? {
    guard accept(.stored) else { return nil }
    try expect(.as)
    let format: StorageFormat
    if accept(.inputformat) {
      let input = try parseDDLText()
      try expect(.outputformat)
      format = .classes(input: input, output: try parseDDLText())
    } else {
      format = .format(try parseIdentifier(except: Self.notFormats))
    }
    try parseSerdeProperties(into: &serdeProperties)
    return format
  }

  private mutating func parseSerdeProperties(
    into properties: inout [TextProperty]
  ) throws(SQLError) {
    guard accept(.with) else { return }
    try expect(.serdeproperties)
    properties += try parseTextProperties()
  }
}
