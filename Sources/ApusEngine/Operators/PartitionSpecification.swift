import ApusPlanner
import ApusValues

/// What is collected of rows that are to be seen partition by partition, each in an order.
///
/// Keys are positions among `columns`.
struct PartitionSpecification: Sendable {
  /// What is collected of each input row: the output, then what is computed with.
  var columns: [any CompiledExpression]
  var outputCount: Int
  var partitionKeys: [Int]
  var orderKeys: [Int]
  var orders: [SortOrder]

  /// Partitions are sorted by their keys, rows within by the order.
  var sortKeys: [Int] { partitionKeys + orderKeys }

  var sortOrders: [SortOrder] { partitionOrders + orders }

  private var partitionOrders: [SortOrder] {
    partitionKeys.map {
      SortOrder(type: columns[$0].type, isAscending: true, nullsFirst: false)
    }
  }
}
