import ApusPlanner
public import ApusValues
import ApusVectors

/// One row of a result.
///
///     try row["name", as: String.self]
///     try row["dep_delay", as: Int?.self]      // NULL is nil
///     row[0]                                    // a Value
public struct Row: Sendable {
  private let result: QueryResult
  private let batch: Batch
  private let index: Int

  init(result: QueryResult, batch: Batch, index: Int) {
    self.result = result
    self.batch = batch
    self.index = index
  }

  /// The columns, those of the result.
  public var schema: Schema { result.schema }

  /// The number of columns.
  public var count: Int { batch.columns.count }

  /// The value of the column at a position 0..<count.
  public subscript(position: Int) -> Value { batch.columns[position].value(index) }

  /// The value of the first column of a name; nil if there is none.
  public subscript(name: String) -> Value? {
    result.columnPositions[name].map { self[$0] }
  }

  /// The value of the first column of a name as a Swift value.
  ///
  /// - Throws: COLUMN_NOT_FOUND for a name that the result does not have; INVALID_CAST_ARGUMENT for
  ///   a value that is none of the type, or NULL where the type is not optional.
  public subscript<Decoded: RowDecodable>(name: String, as type: Decoded.Type) -> Decoded {
    get throws(SQLError) {
      guard let position = result.columnPositions[name] else {
        throw SQLError(
          .columnNotFound,
          "the result has no column '\(name)'",
          hint: nearestName(to: name, among: schema.fields.map(\.name)).map {
            "Did you mean '\($0)'?"
          }
        )
      }
      return try self[position, as: type]
    }
  }

  /// The value of the column at a position 0..<count as a Swift value; throws as by name.
  public subscript<Decoded: RowDecodable>(position: Int, as type: Decoded.Type) -> Decoded {
    get throws(SQLError) {
      let field = schema.fields[position]
      let value = self[position]
      guard let decoded = Decoded(value, of: field.type) else {
        throw SQLError(
          .invalidCastArgument,
          "column '\(field.name)' of type \(field.type) is no \(Decoded.self): "
            + (value.text(as: field.type) ?? "NULL")
        )
      }
      return decoded
    }
  }

  /// The value of the column at a position as Athena prints it; NULL is nil.
  public func text(_ position: Int) -> String? { batch.columns[position].text(index) }
}

extension Row: CustomStringConvertible {
  /// `name=Newark, count=3`, for looking at.
  public var description: String {
    schema.fields.enumerated().map { "\($1.name)=\(text($0) ?? "NULL")" }
      .joined(separator: ", ")
  }
}
