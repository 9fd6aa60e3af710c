import ApusValues

// Grammar/Statements/AlterTable.grammar.
extension Parser {
  mutating func parseAlterTable() throws(SQLError) -> AlterTableStatement {
    let start = index
    try expect(.alter)
    try expect(.table)
    let name = try parseQualifiedName()
    try refuseUnsupportedAlteration()
    let alteration = try parseTableAlteration()
    return AlterTableStatement(name: name, alteration: alteration, range: range(from: start))
  }

  private mutating func parseTableAlteration() throws(SQLError) -> TableAlteration {
    if isAt(.partition) {
      let partition = try parsePartition()
      switch try expect(oneOf: .rename, .set, .add, .replace) {
      case .rename:
        try expect(.to)
        return .renamePartition(partition, to: try parsePartition())
      case .set:
        return try parseSetting(of: partition)
      case .add:
        return .addColumns(try parseNewColumns(), of: partition)
      default:
        return .replaceColumns(try parseNewColumns(), of: partition)
      }
    }
    note(.keyword(.partition))
    switch try expect(oneOf: .add, .drop, .set, .replace, .change, .rename, .unset) {
    case .add:
      note(.keyword(.columns))
      if isAt(.columns) { return .addColumns(try parseNewColumns(), of: nil) }
      return try parseAddPartitions()
    case .change:
      return try parseChangeColumn()
    case .rename:
      return try parseRename()
    case .unset:
      return try parseUnset()
    case .drop:
      if accept(.column) { return .dropColumn(try parseIdentifier()) }
      let ifExists = acceptIfExists()
      var partitions = [try parsePartition()]
      while accept(.comma) { partitions.append(try parsePartition()) }
      return .dropPartitions(partitions, ifExists: ifExists)
    case .set:
      if accept(.tblproperties) { return .setProperties(try parseTextProperties()) }
      return try parseSetting(of: nil)
    default:
      return .replaceColumns(try parseNewColumns(), of: nil)
    }
  }

  /// Reads what SET changes of a table or of one partition alike.
  private mutating func parseSetting(
    of partition: PartitionSpecification?
  ) throws(SQLError) -> TableAlteration {
    switch try expect(oneOf: .location, .serdeproperties, .fileformat) {
    case .location: .setLocation(try parseDDLText(), of: partition)
    case .serdeproperties: .setSerdeProperties(try parseTextProperties(), of: partition)
    default: .setFileFormat(try parseIdentifier(), of: partition)
    }
  }

  private mutating func parseChangeColumn() throws(SQLError) -> TableAlteration {
    _ = accept(.column)
    let name = try parseIdentifier()
    let column = try parseColumnDeclaration()
    var place: ColumnPlace?
    switch accept(oneOf: .first, .after) {
    case .first: place = .first
    case .after: place = .after(try parseIdentifier())
    default: break
    }
    return .changeColumn(name, to: column, place: place)
  }

  private mutating func parseRename() throws(SQLError) -> TableAlteration {
    if try expect(oneOf: .to, .column) == .to { return .rename(to: try parseQualifiedName()) }
    let name = try parseIdentifier()
    try expect(.to)
    return .renameColumn(name, to: try parseIdentifier())
  }

  private mutating func parseUnset() throws(SQLError) -> TableAlteration {
    try expect(.tblproperties)
    let ifExists = acceptIfExists()
    try expect(.leftParenthesis)
    var keys: [StringLiteral] = []
    repeat { keys.append(try parseDDLText()) } while accept(.comma)
    try expect(.rightParenthesis)
    return .unsetProperties(keys, ifExists: ifExists)
  }

  private mutating func parseNewColumns() throws(SQLError) -> [ColumnDeclaration] {
    try expect(.columns)
    return try parseColumnDeclarations()
  }

  private mutating func parseAddPartitions() throws(SQLError) -> TableAlteration {
    let ifNotExists = try acceptIfNotExists()
    var partitions: [AddedPartition] = []
    repeat {
      let start = index
      let partition = try parsePartition()
      let location = try acceptText(after: .location)
      partitions.append(
        AddedPartition(partition: partition, location: location, range: range(from: start))
      )
      note(.keyword(.partition))
    } while isAt(.partition)
    return .addPartitions(partitions, ifNotExists: ifNotExists)
  }
}

// Partitions by their values.
extension Parser {
  mutating func parsePartition() throws(SQLError) -> PartitionSpecification {
    let start = index
    try expect(.partition)
    try expect(.leftParenthesis)
    var values: [PartitionValue] = []
    repeat {
      let valueStart = index
      let column = try parseIdentifier()
      try expect(.equal)
      let value = try parsePartitionConstant()
      values.append(PartitionValue(column: column, value: value, range: range(from: valueStart)))
    } while accept(.comma)
    try expect(.rightParenthesis)
    return PartitionSpecification(values: values, range: range(from: start))
  }

  /// Reads a value as the text that stands for it in a path.
  private mutating func parsePartitionConstant() throws(SQLError) -> StringLiteral {
    let start = index
    if let word = accept(oneOf: .true, .false) {
      return StringLiteral(value: word.rawValue.lowercased(), range: range(from: start))
    }
    let isNegative = accept(.minus)
    let token = current
    note(.rule(.integer))
    if token.kind == .integer || token.kind == .decimal {
      advance()
      let value = (isNegative ? "-" : "") + text(of: token)
      return StringLiteral(value: value, range: range(from: start))
    }
    guard !isNegative else { throw unexpected() }
    return try parseDDLText()
  }
}

// Alterations that Hive or Iceberg have and Apus has not: said by name.
extension Parser {
  /// The words with which they begin; of two that fit the longer one counts.
  private static let unsupportedAlterations: [[String]] = [
    ["ARCHIVE"], ["CLUSTERED", "BY"], ["COMPACT"], ["CONCATENATE"], ["DISABLE"], ["ENABLE"],
    ["EXCHANGE", "PARTITION"], ["EXECUTE"], ["NOT", "CLUSTERED"], ["NOT", "SKEWED"],
    ["NOT", "SORTED"], ["RECOVER", "PARTITIONS"], ["SET", "PROPERTIES"], ["SET", "SERDE"],
    ["SET", "SKEWED"], ["SKEWED", "BY"], ["TOUCH"], ["UNARCHIVE"],
  ]

  private func refuseUnsupportedAlteration() throws(SQLError) {
    guard let words = longest(of: Self.unsupportedAlterations) else { return }
    let place = current.range.union(peek(words.count - 1).range)
    throw .notSupported("ALTER TABLE " + words.joined(separator: " "), at: place)
  }
}
