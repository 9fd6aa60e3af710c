package import ApusPlanner
package import ApusValues
package import ApusVectors

/// An aggregate function: its overloads, each with what makes its accumulators.
package protocol AggregateFunction: Sendable {
  static var overloads: [AggregateOverload] { get }
  /// At least one of each name; computed, so that nothing is made before somebody asks.
  static var examples: [FunctionExample] { get }
}

extension AggregateFunction {
  /// Functions that only forms of the language call have none.
  package static var examples: [FunctionExample] { [] }
}

/// One signature with its implementation.
package struct AggregateOverload: Sendable {
  package var signature: FunctionSignature
  /// Whether the result depends on the order of the rows, so that ORDER BY has to be obeyed.
  package var isOrderSensitive: Bool
  /// Takes the function and its lambdas, in the order of the arguments.
  package var makeAccumulator:
    @Sendable (BoundFunction, [CompiledLambda]) throws(SQLError) -> any Accumulator

  package init(
    _ signature: FunctionSignature,
    isOrderSensitive: Bool = false,
    makeAccumulator: @escaping @Sendable (BoundFunction) throws(SQLError) -> any Accumulator
  ) {
    self.signature = signature
    self.isOrderSensitive = isOrderSensitive
    self.makeAccumulator = { function, _ throws(SQLError) in try makeAccumulator(function) }
  }

  /// A function with lambdas, which are no arguments of the accumulator.
  package init(
    _ signature: FunctionSignature,
    isOrderSensitive: Bool,
    makeLambdaAccumulator:
      @escaping @Sendable (BoundFunction, [CompiledLambda]) throws(SQLError) -> any Accumulator
  ) {
    self.signature = signature
    self.isOrderSensitive = isOrderSensitive
    self.makeAccumulator = makeLambdaAccumulator
  }
}

/// The states of one aggregate for all groups that one worker knows, group g at position g.
///
/// Owned by one worker at a time, but for what `merge` reads. Laws: updating in any split of the rows and merging gives what
/// updating with all rows gives (up to floating-point rounding).
package protocol Accumulator: AnyObject {
  /// Makes room for groups 0..<groupCount; new groups are empty.
  func resize(groupCount: Int)

  /// Feeds rows: row i belongs to group `groups[i]`. NULL arguments are the function's to skip.
  ///
  /// - Parameters:
  ///   - groups: one per row; a negative group means that the row does not count (FILTER).
  ///   - arguments: vectors of `groups.count` rows in any encoding, of the parameter types.
  func update(groups: UnsafeBufferPointer<Int32>, arguments: [ColumnVector]) throws(SQLError)

  /// Adds states of another accumulator of the same call, which several may read at this time: of
  /// each pair of the mapping, the other's group to the group here.
  func merge(_ other: any Accumulator, mapping: GroupMapping) throws(SQLError)

  /// Returns the results of groups in `range` as a vector of the function's return type.
  func finish(_ range: Range<Int>) throws(SQLError) -> ColumnVector

  /// Bytes held, roughly, for the memory budget.
  var byteCount: Int { get }
}
