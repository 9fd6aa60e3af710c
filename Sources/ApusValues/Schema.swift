/// A named, typed column of a table or result.
public struct Field: Hashable, Sendable {
  public var name: String
  public var type: SQLType

  public init(name: String, type: SQLType) {
    self.name = name
    self.type = type
  }
}

/// The columns of a table or result, in order.
public struct Schema: Hashable, Sendable {
  public var fields: [Field]

  public init(_ fields: [Field]) { self.fields = fields }

  public var count: Int { fields.count }
}
