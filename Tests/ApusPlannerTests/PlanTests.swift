import Testing

/// The plans of typical queries, node by node.
@Suite struct PlanTests {
  @Test func pointQuery() {
    expectPlan(
      """
      SELECT name
      FROM customers
      WHERE id = 7
      """,
      """
      Project[name]
      └─ Filter[id = 7]
         └─ Scan[customers] => [id, name]
                 id :: [7]
      """
    )
  }

  @Test func havingAndTopN() {
    expectPlan(
      """
      SELECT nation, count(*) c
      FROM customers
      GROUP BY nation
      HAVING count(*) > 10
      ORDER BY c DESC LIMIT 5
      """,
      """
      Project[nation, c := count]
      └─ TopN[5 by count DESC]
         └─ Filter[count > 10]
            └─ Aggregate[count(*) by nation]
               └─ Scan[customers] => [nation]
      """
    )
  }

  @Test func joinOrder() {
    expectPlan(
      """
      SELECT c.name, sum(total)
      FROM lines l, orders o, customers c
      WHERE l.order_id = o.id AND o.customer_id = c.id AND c.nation = 'DE' AND o.day >= CAST('1994-01-01' AS date) AND total < 24
      GROUP BY 1
      """,
      """
      Project[name, _col1 := sum]
      └─ Aggregate[sum(total) by name]
         └─ InnerJoin[order_id = id]
            ├─ Scan[lines] => [order_id]
            └─ InnerJoin[customer_id = id]
               ├─ Filter[day >= DATE '1994-01-01' AND total < 24.00]
               │  └─ Scan[orders] => [id, customer_id, day, total]
               │          day :: [DATE '1994-01-01', +∞)
               │          total :: (-∞, 24.00)
               └─ Filter[nation = 'DE']
                  └─ Scan[customers] => [id, name, nation]
                          nation :: ['DE']
      """
    )
  }

  @Test func existsBecomesSemiJoin() {
    expectPlan(
      """
      SELECT id
      FROM orders o
      WHERE EXISTS (SELECT 1
      FROM lines
      WHERE order_id = o.id AND quantity > 3)
      """,
      """
      Project[id]
      └─ SemiJoin[id = order_id]
         ├─ Scan[orders] => [id]
         └─ Filter[quantity > 3]
            └─ Scan[lines] => [order_id, quantity]
                    quantity :: (3, +∞)
      """
    )
  }

  @Test func notInIsNullAware() {
    expectPlan(
      """
      SELECT id
      FROM orders
      WHERE id NOT IN (SELECT order_id
      FROM lines)
      """,
      """
      Project[id]
      └─ NullAwareAntiJoin[id = order_id]
         ├─ Scan[orders] => [id]
         └─ Scan[lines] => [order_id]
      """
    )
  }

  @Test func correlatedScalar() {
    expectPlan(
      """
      SELECT id
      FROM orders o
      WHERE total > (SELECT 0.5 * sum(price)
      FROM lines l
      WHERE l.order_id = o.id)
      """,
      """
      Project[id]
      └─ InnerJoin[id = order_id AND CAST(total AS double) > (0.5 * sum)]
         ├─ Scan[orders] => [id, total]
         └─ Aggregate[sum(price) by order_id]
            └─ Scan[lines] => [order_id, price]
      """
    )
  }

  @Test func uncorrelatedScalar() {
    expectPlan(
      """
      SELECT id
      FROM orders o
      WHERE total = (SELECT max(total)
      FROM orders)
      """,
      """
      Project[id]
      └─ InnerJoin[total = max]
         ├─ Scan[orders] => [id, total]
         └─ Aggregate[max(total)]
            └─ Scan[orders] => [total]
      """
    )
  }

  @Test func outerJoinBecomesInner() {
    expectPlan(
      """
      SELECT a.id
      FROM orders a LEFT JOIN lines b ON a.id = b.order_id
      WHERE b.quantity > 1
      """,
      """
      Project[id]
      └─ InnerJoin[order_id = id]
         ├─ Filter[quantity > 1]
         │  └─ Scan[lines] => [order_id, quantity]
         │          quantity :: (1, +∞)
         └─ Scan[orders] => [id]
      """
    )
  }

  @Test func intersectCounts() {
    expectPlan(
      """
      SELECT id
      FROM orders INTERSECT SELECT id
      FROM customers
      """,
      """
      Project[id]
      └─ Filter[left_count > 0 AND right_count > 0]
         └─ Aggregate[count(left), count(right) by id]
            └─ Union => [id, left, right]
               ├─ Project[id, left := 1, right := NULL]
               │  └─ Scan[orders] => [id]
               └─ Project[id, left := NULL, right := 1]
                  └─ Scan[customers] => [id]
      """
    )
  }

  @Test func windowPartitionFilter() {
    expectPlan(
      """
      SELECT id, row_number() OVER (PARTITION BY month
      ORDER BY total) n
      FROM orders
      WHERE month = 1
      """,
      """
      Project[id, n := row_number]
      └─ Window[row_number() partition by month order by total]
         └─ Filter[month = 1]
            └─ Scan[orders] => [id, total, month]
                    month :: [1]
      """
    )
  }

  @Test func usingAndDistinct() {
    expectPlan(
      """
      SELECT DISTINCT month
      FROM big_orders b JOIN orders USING (id)
      ORDER BY month
      """,
      """
      Project[month]
      └─ Sort[month]
         └─ Aggregate[by month]
            └─ Project[month]
               └─ InnerJoin[id = id]
                  ├─ Scan[orders] => [id, month]
                  └─ Project[id]
                     └─ Filter[total > 100.00]
                        └─ Scan[orders] => [id, total]
                                total :: (100.00, +∞)
      """
    )
  }

  @Test func commonFactorOfOr() {
    expectPlan(
      """
      SELECT id
      FROM orders
      WHERE (month = 1 AND total > 5) OR (month = 1 AND total < 2)
      """,
      """
      Project[id]
      └─ Filter[month = 1 AND (total > 5.00 OR total < 2.00)]
         └─ Scan[orders] => [id, total, month]
                 total :: (5.00, +∞) or (-∞, 2.00)
                 month :: [1]
      """
    )
  }

  @Test func doubleBoundsBecomeDecimal() {
    expectPlan(
      """
      SELECT count(*)
      FROM orders
      WHERE total BETWEEN 0.05 AND 0.07
      """,
      """
      Project[_col0 := count]
      └─ Aggregate[count(*)]
         └─ Filter[total >= 0.05 AND total <= 0.07]
            └─ Scan[orders] => [total]
                    total :: [0.05, 0.07]
      """
    )
  }

  @Test func values() {
    expectPlan(
      """
      VALUES (1, 'a'), (2, NULL)
      """,
      """
      Project[_col0, _col1]
      └─ Values[2 rows]
      """
    )
  }

  @Test func noFrom() {
    expectPlan(
      """
      SELECT 1 + 1 AS x, 'a' || 'b'
      """,
      """
      Project[x := (1 + 1), _col1 := concat('a', 'b')]
      └─ Values[1 row]
      """
    )
  }

  @Test func groupByExpression() {
    expectPlan(
      """
      SELECT year(day) y, sum(total)
      FROM orders
      GROUP BY year(day)
      ORDER BY year(day)
      """,
      """
      Project[y := group_key, _col1 := sum]
      └─ Sort[group_key]
         └─ Aggregate[sum(total) by group_key]
            └─ Project[total, group_key := year(day)]
               └─ Scan[orders] => [day, total]
      """
    )
  }

  @Test func semiJoinBuiltFromTheFew() {
    expectPlan(
      "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders WHERE customer_id = c.id)",
      """
      Project[id]
      └─ RightSemiJoin[customer_id = id]
         ├─ Scan[orders] => [customer_id]
         └─ Scan[customers] => [id]
      """
    )
  }

  @Test func leftJoinBuiltFromTheFew() {
    expectPlan(
      "SELECT c.id, o.total FROM customers c LEFT JOIN orders o ON o.customer_id = c.id",
      """
      Project[id, total]
      └─ RightJoin[customer_id = id]
         ├─ Scan[orders] => [customer_id, total]
         └─ Scan[customers] => [id]
      """
    )
  }

  @Test func aConditionThatIsNeverTrueReadsNothing() {
    expectPlan(
      "SELECT id FROM orders WHERE FALSE",
      """
      Project[id]
      └─ Values[0 rows]
      """
    )
  }

  @Test func aGroupingNamedTwiceIsComputedOnce() {
    expectPlan(
      """
      WITH sums AS (SELECT customer_id, sum(total) AS total, count(*) AS n FROM orders GROUP BY 1)
      SELECT a.customer_id, a.n
      FROM sums a
      WHERE a.total = (SELECT max(total) FROM sums)
      """,
      """
      Project[customer_id, n := count]
      └─ InnerJoin[sum = max]
         ├─ Shared[1] => [customer_id, sum, count]
         │  └─ Aggregate[sum(total), count(*) by customer_id]
         │     └─ Scan[orders] => [customer_id, total]
         └─ Aggregate[max(sum)]
            └─ Project[sum]
               └─ Shared[1] => [customer_id, sum]
      """
    )
  }

  @Test func groupingsOfDifferentRowsAreNotShared() {
    expectPlan(
      """
      WITH sums AS (SELECT month, sum(total) AS total FROM orders GROUP BY 1)
      SELECT a.total, b.total
      FROM sums a, sums b
      WHERE a.month = 1 AND b.month = 2
      """,
      """
      Project[total := sum, total := sum]
      └─ CrossJoin
         ├─ Aggregate[sum(total) by month]
         │  └─ Filter[month = 1]
         │     └─ Scan[orders] => [total, month]
         │             month :: [1]
         └─ Aggregate[sum(total) by month]
            └─ Filter[month = 2]
               └─ Scan[orders] => [total, month]
                       month :: [2]
      """
    )
  }
}
