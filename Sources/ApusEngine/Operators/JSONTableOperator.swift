import ApusPlanner
import ApusValues
import ApusVectors

/// Puts out each row once for each row that paths find in its document; see `JSONTable`.
final class JSONTableOperator: StreamingOperator {
  let node: Int
  private let arguments: [any CompiledExpression]
  private let inputs: SQLJSONInputs
  private let paths: [JSONTableRowPath]
  private let rows: JSONTable.Rows
  private let columnTypes: [SQLType]
  private let kept: [Int]
  private let raisesErrors: Bool
  private let isOuter: Bool

  /// - Parameters:
  ///   - arguments: what the table's expressions compute.
  ///   - kept: the input columns that are put out, before those of the table.
  init(
    _ table: JSONTable,
    node: Int,
    arguments: [any CompiledExpression],
    kept: [Int]
  ) throws(SQLError) {
    self.node = node
    self.arguments = arguments
    self.kept = kept
    rows = table.rows
    raisesErrors = table.raisesErrors
    isOuter = table.isOuter
    columnTypes = table.added.map(\.type)
    inputs = SQLJSONInputs(
      encoding: table.encoding,
      parameters: table.parameters.type,
      name: "JSON_TABLE"
    )
    var paths: [JSONTableRowPath] = []
    for (index, path) in table.paths.enumerated() {
      paths.append(
        JSONTableRowPath(
          path: try path.compiled(parameters: index == 0 ? inputs.parameterNames : []),
          range: path.range,
          raisesErrors: table.raisesErrors
        )
      )
    }
    // Behind the document and the parameters.
    var defaults = 2
    for (index, column) in table.columns.enumerated() {
      let source: JSONTableColumn.Source
      switch column.source {
      case .ordinality:
        source = .ordinality
      case .value(let path, let options, _):
        let result = try JSONValueResult(type: column.column.type, options: options)
        source = .value(try path.compiled(), result, defaults: defaults)
        defaults += 2
      case .query(let path, let options):
        let result = try JSONQueryResult(type: column.column.type, options: options)
        source = .query(try path.compiled(), result)
      }
      paths[column.path].columns.append(
        JSONTableColumn(index: index, source: source, range: column.range)
      )
    }
    self.paths = paths
  }

  func makeConsumer(_ context: WorkerContext, output: any BatchConsumer) throws(SQLError)
    -> any BatchConsumer
  {
    let row = JSONTableRow(columnCount: columnTypes.count)
    guard let root = makeCursor(rows, row) as? JSONTablePathCursor else {
      throw .internal("JSON_TABLE without a path at its root")
    }
    return Consumer(self, root, row, context, output)
  }

  private func makeCursor(_ rows: JSONTable.Rows, _ row: JSONTableRow) -> any JSONTableCursor {
    switch rows {
    case .path(let index, let nested, let isOuter):
      JSONTablePathCursor(
        paths[index],
        nested: nested.map { makeCursor($0, row) },
        isOuter: isOuter,
        row: row
      )
    case .union(let parts):
      JSONTableUnionCursor(parts.map { makeCursor($0, row) }, row: row)
    case .cross(let parts):
      JSONTableCrossCursor(parts.map { makeCursor($0, row) })
    }
  }

  /// Returns the rows that the first path leads to in the document of a row.
  private func items(_ arguments: [ColumnVector], _ row: Int) throws(SQLError) -> [JSONItem] {
    let document: JSONItem?
    let parameters: [[JSONItem]]
    do throws(SQLError) {
      document = try inputs.document(arguments[0], row)
      parameters = document == nil ? [] : try inputs.parameters(arguments[1], row)
    } catch {
      if raisesErrors { throw error.located(at: paths[0].range) }
      return []
    }
    guard let document else { return [] }
    return try paths[0].items(in: document, parameters: parameters)
  }

  private final class Consumer: BatchConsumer {
    private let table: JSONTableOperator
    private let root: JSONTablePathCursor
    private let row: JSONTableRow
    private let context: WorkerContext
    private let capacity: Int
    private let output: any BatchConsumer
    private var builders: [VectorBuilder] = []
    /// The row of the input that each row put out comes from.
    private var rows: [Int32] = []
    private var textByteCount = 0

    /// The columns of an item come again with each row within it: long texts end a batch early.
    private static let textByteLimit = 1 << 20

    init(
      _ table: JSONTableOperator,
      _ root: JSONTablePathCursor,
      _ row: JSONTableRow,
      _ context: WorkerContext,
      _ output: any BatchConsumer
    ) {
      self.table = table
      self.root = root
      self.row = row
      self.context = context
      self.output = output
      capacity = max(context.batchCapacity, 1)
    }

    func flush() throws(SQLError) { try output.flush() }

    func consume(_ batch: Batch) throws(SQLError) -> Bool {
      row.arguments = try table.arguments.evaluated(batch)
      for position in 0..<batch.rowCount {
        row.position = position
        root.start(try table.items(row.arguments, position))
        var isEmpty = true
        while try root.next() {
          isEmpty = false
          if try !add(batch) { return false }
        }
        if isEmpty, table.isOuter {
          for column in row.values.indices { row.values[column] = .null }
          if try !add(batch) { return false }
        }
      }
      return try release(batch)
    }

    private func add(_ batch: Batch) throws(SQLError) -> Bool {
      if rows.isEmpty {
        let capacity = capacity
        builders = table.columnTypes.map { VectorBuilder(type: $0, capacity: capacity) }
      }
      for (builder, value) in zip(builders, row.values) {
        builder.set(rows.count, value)
        if case .text(let text) = value { textByteCount += text.utf8.count }
        if case .binary(let bytes) = value { textByteCount += bytes.count }
      }
      rows.append(Int32(truncatingIfNeeded: row.position))
      guard rows.count == capacity || textByteCount >= Consumer.textByteLimit else { return true }
      return try release(batch)
    }

    private func release(_ batch: Batch) throws(SQLError) -> Bool {
      try context.cancellation.check()
      guard !rows.isEmpty else { return true }
      let count = rows.count
      var columns = rows.withUnsafeBufferPointer { rows in
        table.kept.map { batch.columns[$0].gather(rows) }
      }
      columns += builders.map { $0.finish(count: count) }
      builders = []
      rows.removeAll(keepingCapacity: true)
      textByteCount = 0
      return try output.consume(Batch(columns: columns, rowCount: count))
    }
  }
}

extension JSONTable.Path {
  /// - Throws: INVALID_PATH.
  fileprivate func compiled(parameters: [String] = []) throws(SQLError) -> SQLJSONPath {
    do {
      return try SQLJSONPath(text, parameters: parameters)
    } catch {
      throw error.located(at: range)
    }
  }
}
