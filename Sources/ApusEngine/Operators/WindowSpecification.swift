import ApusPlanner
import ApusValues
import ApusVectors

/// What a window node computes, prepared for all its workers.
///
/// Columns are named by their positions among `columns`.
struct WindowSpecification: Sendable {
  /// What is collected of each input row: the output, then what the functions need besides.
  var columns: [any CompiledExpression]
  var outputCount: Int
  var partitionKeys: [Int]
  var orderKeys: [Int]
  var orders: [SortOrder]
  var functions: [Function]

  struct Function: Sendable {
    var computation: Computation
    var type: SQLType
    var arguments: [Int]
    /// A boolean column: rows that an aggregate counts.
    var filter: Int?
    var frame: Frame
    var ignoresNulls: Bool
  }

  enum Computation: Sendable {
    case ranking(Ranking)
    case navigation(Navigation)
    case aggregate(AggregateOverload, BoundFunction)
  }

  /// Functions of a row's place in its partition.
  enum Ranking: String, Sendable {
    case rowNumber = "row_number"
    case rank
    case denseRank = "dense_rank"
    case percentRank = "percent_rank"
    case cumulativeDistribution = "cume_dist"
    case ntile
  }

  /// Functions that give another row's value.
  enum Navigation: String, Sendable {
    case lag
    case lead
    case firstValue = "first_value"
    case lastValue = "last_value"
    case nthValue = "nth_value"
  }

  struct Frame: Sendable {
    var unit: Window.Frame.Unit
    var start: Bound
    var end: Bound
    /// For RANGE with offsets, the order key that limits are compared with.
    var rangeKey: Int?
  }

  enum Bound: Sendable {
    case unboundedPreceding
    /// The offset, and for RANGE the value that the offset leads to.
    case preceding(offset: Int, limit: Int?)
    case currentRow
    case following(offset: Int, limit: Int?)
    case unboundedFollowing
  }

  /// Partitions are sorted by their keys, rows within by the order.
  var sortKeys: [Int] { partitionKeys + orderKeys }

  var sortOrders: [SortOrder] { partitionOrders + orders }

  var partitionOrders: [SortOrder] {
    partitionKeys.map {
      SortOrder(type: columns[$0].type, isAscending: true, nullsFirst: false)
    }
  }
}
