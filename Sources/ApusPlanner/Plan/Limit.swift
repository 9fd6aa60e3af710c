/// Skips `offset` rows and puts out up to `count`, in the order they come if they have one.
public struct Limit: Sendable {
  public var input: LogicalPlan
  /// nil puts out all that are left.
  public var count: Int?
  public var offset: Int

  public init(input: LogicalPlan, count: Int?, offset: Int = 0) {
    self.input = input
    self.count = count
    self.offset = offset
  }
}
