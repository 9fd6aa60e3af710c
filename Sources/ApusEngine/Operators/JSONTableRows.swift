import ApusPlanner
import ApusValues
import ApusVectors

// The rows of JSON_TABLE come one by one: a cursor for each part of the plan finds the next row of its
// part and writes its columns into the row that all of them share. What a part does not change stays
// there, so that the columns of an item come again with each row within it.

/// The row that the cursors of one worker write to.
final class JSONTableRow {
  var values: [Value]
  /// The document, the parameters and the defaults of a batch, and the row of it that is looked at.
  var arguments: [ColumnVector] = []
  var position = 0

  init(columnCount: Int) { values = Array(repeating: .null, count: columnCount) }
}

/// A path of rows with its columns, ready to run.
struct JSONTableRowPath: Sendable {
  var path: SQLJSONPath
  var range: SourceRange?
  var columns: [JSONTableColumn] = []
  var raisesErrors: Bool

  /// Returns the items that are rows.
  func items(in document: JSONItem, parameters: [[JSONItem]] = []) throws(SQLError) -> [JSONItem] {
    do throws(SQLError) {
      let items = try path.items(in: document, parameters: parameters)
      for case .temporal(_, let type) in items {
        throw SQLError(
          .jsonOutputConversionError,
          "conversion from JSON failed: JSON path returned a scalar SQL value of type \(type) that "
            + "cannot be represented as JSON"
        )
      }
      return items
    } catch {
      if raisesErrors { throw error.located(at: range) }
      return []
    }
  }
}

/// A column, ready to run.
struct JSONTableColumn: Sendable {
  enum Source: Sendable {
    case ordinality
    /// `defaults` says where its two defaults are among the arguments.
    case value(SQLJSONPath, JSONValueResult, defaults: Int)
    case query(SQLJSONPath, JSONQueryResult)
  }

  /// Where its value goes.
  var index: Int
  var source: Source
  var range: SourceRange?

  func value(of item: JSONItem, number: Int, _ row: JSONTableRow) throws(SQLError) -> Value {
    do throws(SQLError) {
      switch source {
      case .ordinality:
        return .integer(Int64(number))
      case .value(let path, let result, let defaults):
        return try result.value(defaults: row.arguments[defaults..<defaults + 2], row.position) {
          () throws(SQLError) in try path.items(in: item)
        }
      case .query(let path, let result):
        return try result.value { () throws(SQLError) in try path.items(in: item) }
      }
    } catch {
      throw error.located(at: range)
    }
  }
}

/// Finds the rows of a part of the plan.
protocol JSONTableCursor: AnyObject {
  /// The columns that the part fills.
  var columns: [Int] { get }

  /// Starts anew within an item.
  func reset(_ item: JSONItem) throws(SQLError)

  /// Writes the next row; false if there is none.
  func next() throws(SQLError) -> Bool
}

/// The rows of a path, each with those within it.
final class JSONTablePathCursor: JSONTableCursor {
  let path: JSONTableRowPath
  let columns: [Int]
  private let nested: (any JSONTableCursor)?
  private let isOuter: Bool
  private let row: JSONTableRow
  private var items: [JSONItem] = []
  private var number = 0
  /// Whether an item is still to give rows of `nested`, and whether it gave one.
  private var isWithinItem = false
  private var hasGivenRow = false

  init(
    _ path: JSONTableRowPath,
    nested: (any JSONTableCursor)?,
    isOuter: Bool,
    row: JSONTableRow
  ) {
    self.path = path
    self.nested = nested
    self.isOuter = isOuter
    self.row = row
    columns = path.columns.map(\.index) + (nested?.columns ?? [])
  }

  func reset(_ item: JSONItem) throws(SQLError) { start(try path.items(in: item)) }

  /// Starts with the items that are rows.
  func start(_ items: [JSONItem]) {
    self.items = items
    number = 0
    isWithinItem = false
  }

  func next() throws(SQLError) -> Bool {
    while true {
      if !isWithinItem {
        guard number < items.count else { return false }
        let item = items[number]
        number += 1
        for column in path.columns {
          row.values[column.index] = try column.value(of: item, number: number, row)
        }
        guard let nested else { return true }
        try nested.reset(item)
        isWithinItem = true
        hasGivenRow = false
      }
      guard let nested else { return false }
      if try nested.next() {
        hasGivenRow = true
        return true
      }
      isWithinItem = false
      if isOuter, !hasGivenRow {
        for column in nested.columns { row.values[column] = .null }
        return true
      }
    }
  }
}

/// The rows of one part after those of the other.
final class JSONTableUnionCursor: JSONTableCursor {
  let columns: [Int]
  private let parts: [any JSONTableCursor]
  private let row: JSONTableRow
  private var item = JSONItem.null
  private var current = 0
  private var isStarted = false

  init(_ parts: [any JSONTableCursor], row: JSONTableRow) {
    self.parts = parts
    self.row = row
    columns = parts.flatMap(\.columns)
  }

  func reset(_ item: JSONItem) throws(SQLError) {
    self.item = item
    current = 0
    isStarted = false
  }

  func next() throws(SQLError) -> Bool {
    while current < parts.count {
      let part = parts[current]
      if !isStarted {
        for column in columns { row.values[column] = .null }
        try part.reset(item)
        isStarted = true
      }
      if try part.next() { return true }
      current += 1
      isStarted = false
    }
    return false
  }
}

/// All combinations of the rows of several parts; the last changes fastest.
final class JSONTableCrossCursor: JSONTableCursor {
  let columns: [Int]
  private let parts: [any JSONTableCursor]
  private var item = JSONItem.null
  /// The part that is to give the next row; -1 when all have given all.
  private var current = 0

  init(_ parts: [any JSONTableCursor]) {
    self.parts = parts
    columns = parts.flatMap(\.columns)
  }

  func reset(_ item: JSONItem) throws(SQLError) {
    self.item = item
    current = 0
    try parts.first?.reset(item)
  }

  func next() throws(SQLError) -> Bool {
    while current >= 0 {
      guard try parts[current].next() else {
        current -= 1
        continue
      }
      for index in current + 1..<max(parts.count, current + 1) {
        try parts[index].reset(item)
        guard try parts[index].next() else {
          // A part without rows leaves no combinations.
          current = -1
          return false
        }
      }
      current = parts.count - 1
      return true
    }
    return false
  }
}
