import ApusValues

/// A top-level field of a file.
struct ParquetColumn: Sendable {
  var name: String
  /// Its place among the leaves of the schema, which is its place in every row group; nil for a
  /// group of several leaves.
  var leafIndex: Int?
  var element: SchemaElement
  var type: ColumnType

  /// 1 if values may be missing, 0 if not.
  var greatestDefinitionLevel: Int { element.repetition == .optional ? 1 : 0 }
}

/// The columns of a file, from its flattened schema.
struct SchemaTree: Sendable {
  var columns: [ParquetColumn] = []
  var leafCount = 0

  init(_ elements: [SchemaElement]) throws(FormatError) {
    guard let root = elements.first,
      let childCount = root.childCount ?? (elements.count == 1 ? 0 : nil)
    else { throw .corrupt("the schema has no root") }
    var position = 1
    for _ in 0..<childCount {
      guard position < elements.count else { throw .corrupt("the schema is cut short") }
      let element = elements[position]
      let firstLeaf = leafCount
      try SchemaTree.walk(elements, &position, &leafCount, depth: 0)
      if let children = element.childCount, children > 0 || element.physicalType == nil {
        columns.append(
          ParquetColumn(
            name: element.name,
            leafIndex: nil,
            element: element,
            type: .unsupported("a nested type")
          )
        )
      } else {
        let isRepeated = element.repetition == .repeated
        columns.append(
          ParquetColumn(
            name: element.name,
            leafIndex: firstLeaf,
            element: element,
            type: isRepeated ? .unsupported("a repeated field") : ColumnType(element)
          )
        )
      }
    }
    guard position == elements.count else {
      throw .corrupt("the schema has more elements than its tree")
    }
  }

  /// Steps over one element with all that is below it, counting leaves.
  private static func walk(
    _ elements: [SchemaElement],
    _ position: inout Int,
    _ leafCount: inout Int,
    depth: Int
  ) throws(FormatError) {
    guard depth < 100 else { throw .corrupt("the schema is nested too deep") }
    guard position < elements.count else { throw .corrupt("the schema is cut short") }
    let element = elements[position]
    position += 1
    // A leaf has a type; writers differ on whether it also says that it has no children.
    guard let childCount = element.childCount, childCount > 0 || element.physicalType == nil else {
      leafCount += 1
      return
    }
    for _ in 0..<childCount { try walk(elements, &position, &leafCount, depth: depth + 1) }
  }
}
