/// Puts out, in order, the first `count` rows after `offset`: a Limit over a Sort in one.
public struct TopN: Sendable {
  public var input: LogicalPlan
  public var keys: [SortKey]
  public var count: Int
  public var offset: Int

  public init(input: LogicalPlan, keys: [SortKey], count: Int, offset: Int) {
    self.input = input
    self.keys = keys
    self.count = count
    self.offset = offset
  }
}
