public import ApusValues

/// The identity of a column within one plan; two columns of one name never share it.
public struct ColumnID: Hashable, Sendable {
  public var rawValue: Int

  public init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// A column that a plan node puts out: an identity with the name and type it goes by.
public struct PlanColumn: Hashable, Sendable {
  public var id: ColumnID
  public var name: String
  public var type: SQLType

  public init(id: ColumnID, name: String, type: SQLType) {
    self.id = id
    self.name = name
    self.type = type
  }

  public static func == (left: PlanColumn, right: PlanColumn) -> Bool { left.id == right.id }

  public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Hands out column identities for one statement.
public struct ColumnAllocator: Sendable {
  private var next = 0

  public init() {}

  public mutating func makeColumn(_ name: String, _ type: SQLType) -> PlanColumn {
    next += 1
    return PlanColumn(id: ColumnID(next), name: name, type: type)
  }
}
