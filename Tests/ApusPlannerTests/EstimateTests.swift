import Testing

@testable import ApusPlanner

/// How many rows plans are thought to put out, over the tables of `PlannerCatalog`.
@Suite struct EstimateTests {
  private func rows(_ sql: String) throws -> Double {
    CardinalityEstimator().estimate(try plan(sql, disabledRules: ["answer_from_statistics"]))
      .rowCount.rounded()
  }

  @Test(arguments: [
    ("SELECT * FROM orders", 10_000),
    ("SELECT * FROM orders WHERE id = 7", 1),
    ("SELECT * FROM orders WHERE id IN (1, 2, 3)", 3),
    // A range is one condition, not two that are independent.
    ("SELECT * FROM orders WHERE id >= 5000 AND id < 6000", 1000),
    // Every line has its order.
    ("SELECT * FROM lines JOIN orders ON order_id = orders.id", 40_000),
    // A filter on the orders leaves their part of the lines.
    ("SELECT * FROM lines JOIN orders ON order_id = orders.id WHERE customer_id = 3", 40),
    ("SELECT * FROM lines JOIN orders ON order_id = orders.id WHERE orders.id < 1000", 3996),
    (
      """
      SELECT * FROM lines JOIN orders ON order_id = orders.id
      JOIN customers ON customer_id = customers.id
      """, 40_000
    ),
    // Orders are of ten years of a calendar of a hundred; each has its day nonetheless.
    ("SELECT * FROM lines JOIN days ON ship_day = days.id", 40_000),
    ("SELECT * FROM lines JOIN days ON ship_day = days.id WHERE season = 'dry'", 4000),
    // A year that is asked for is one with orders.
    ("SELECT * FROM lines JOIN days ON ship_day = days.id WHERE year = 2001", 4867),
    // Semi joins leave the part that finds a partner, anti joins the rest.
    ("SELECT * FROM orders WHERE customer_id IN (SELECT id FROM customers WHERE id <= 100)", 991),
    ("SELECT customer_id, count(*) FROM orders GROUP BY customer_id", 1000),
    // Keys depend on each other.
    ("SELECT customer_id, id, count(*) FROM orders GROUP BY customer_id, id", 10_000),
    ("SELECT DISTINCT quantity, part FROM lines", 40_000),
  ])
  func rows(sql: String, expected: Int) throws {
    #expect(try rows(sql) == Double(expected), "\(sql)")
  }
}
