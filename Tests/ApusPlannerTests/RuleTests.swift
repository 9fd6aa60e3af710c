import ApusPlanner
import ApusSyntax
import ApusValues
import Testing

/// What single rules of the optimizer do, seen in the plans of small queries.
@Suite struct RuleTests {
  @Test func keysComputedFromOthersAreNoKeys() {
    expectPlan(
      """
      SELECT customer_id, customer_id - 1, count(*)
      FROM orders
      GROUP BY customer_id, customer_id - 1
      """,
      """
      Project[customer_id, _col1 := (customer_id - 1), _col2 := count]
      └─ Aggregate[count(*) by customer_id]
         └─ Scan[orders] => [customer_id]
      """
    )
  }

  @Test func groupsAreDistinct() {
    expectPlan(
      """
      SELECT DISTINCT nation, count(*)
      FROM customers
      GROUP BY nation
      """,
      """
      Project[nation, _col1 := count]
      └─ Aggregate[count(*) by nation]
         └─ Scan[customers] => [nation]
      """
    )
  }

  @Test(arguments: [
    "SELECT name FROM customers WHERE id = 1 AND id = 2",
    "SELECT name FROM customers WHERE id < 1 AND id > 2",
    "SELECT name FROM customers WHERE id IS NULL AND id IN (1, 2)",
    "SELECT name FROM customers, orders WHERE orders.id = 1 AND orders.id = 2",
    "SELECT name FROM customers LEFT JOIN orders ON TRUE WHERE name = 'a' AND name = 'b'",
  ])
  func contradictionsHaveNoRows(sql: String) {
    expectPlan(
      sql,
      """
      Project[name]
      └─ Values[0 rows]
      """
    )
  }

  @Test func commonExpressionsAreComputedOnce() {
    expectPlan(
      """
      SELECT sum(price * price), sum(price * price + price)
      FROM lines
      """,
      """
      Project[_col0 := sum, _col1 := sum]
      └─ Aggregate[sum(shared), sum((shared + price))]
         └─ Project[price, shared := (price * price)]
            └─ Scan[lines] => [price]
      """
    )
  }

  @Test func conversionsBetweenIntegersAreNotKept() {
    expectPlan(
      "SELECT sum(quantity + 10000000000), sum(quantity + 20000000000) FROM lines",
      """
      Project[_col0 := sum, _col1 := sum]
      └─ Aggregate[sum((CAST(quantity AS bigint) + 10000000000)), \
      sum((CAST(quantity AS bigint) + 20000000000))]
         └─ Scan[lines] => [quantity]
      """
    )
  }

  @Test func whatBranchesShareMayFailAndStays() {
    expectPlan(
      """
      SELECT CASE WHEN quantity > 0 THEN 1 / quantity END, CASE WHEN quantity < 0 THEN 1 / quantity END
      FROM lines
      """,
      """
      Project[_col0 := CASE WHEN quantity > 0 THEN (1 / quantity) ELSE NULL END, \
      _col1 := CASE WHEN quantity < 0 THEN (1 / quantity) ELSE NULL END]
      └─ Scan[lines] => [quantity]
      """
    )
  }

  @Test func aPrefixIsARange() {
    expectPlan(
      """
      SELECT id
      FROM customers
      WHERE name LIKE 'ab%c'
      """,
      """
      Project[id]
      └─ Filter[name LIKE 'ab%c']
         └─ Scan[customers] => [id, name]
                 name :: ['ab', 'ac')
      """
    )
  }

  @Test func aListOfOneIsAnEquality() {
    expectPlan(
      """
      SELECT id
      FROM customers
      WHERE id IN (3)
      """,
      """
      Project[id]
      └─ Filter[id = 3]
         └─ Scan[customers] => [id]
                 id :: [3]
      """
    )
  }

  @Test func aLimitGoesToTheSideThatIsKept() {
    expectPlan(
      """
      SELECT o.id, c.name
      FROM orders o LEFT JOIN customers c ON o.customer_id = c.id
      LIMIT 5
      """,
      """
      Project[id, name]
      └─ Limit[5]
         └─ RightJoin[id = customer_id]
            ├─ Scan[customers] => [id, name]
            └─ Limit[5]
               └─ Scan[orders] => [id, customer_id]
                       limit 5
      """
    )
  }

  @Test func theFirstRowsAreThoseOfTheSideThatIsKept() {
    expectPlan(
      """
      SELECT o.id, c.name
      FROM orders o LEFT JOIN customers c ON o.customer_id = c.id
      ORDER BY o.day OFFSET 1 LIMIT 5
      """,
      """
      Project[id, name]
      └─ TopN[5 offset 1 by day]
         └─ Project[id, name, day]
            └─ RightJoin[id = customer_id]
               ├─ Scan[customers] => [id, name]
               └─ TopN[6 by day]
                  └─ Scan[orders] => [id, customer_id, day]
      """
    )
  }

  @Test func rowsWithoutAPartnerAreAnAntiJoin() {
    expectPlan(
      """
      SELECT o.id, o.total
      FROM orders o LEFT JOIN customers c ON o.customer_id = c.id
      WHERE c.id IS NULL
      """,
      """
      Project[id, total]
      └─ AntiJoin[customer_id = id]
         ├─ Scan[orders] => [id, customer_id, total]
         └─ Scan[customers] => [id]
      """
    )
  }

  @Test func antiJoinsWaitForJoinsThatLeaveFewerRows() {
    expectPlan(
      """
      SELECT l.price
      FROM lines l LEFT JOIN customers c ON l.quantity = c.id JOIN orders o ON o.id = l.order_id
      WHERE c.id IS NULL AND o.customer_id = 3
      """,
      """
      Project[price]
      └─ RightAntiJoin[id = CAST(quantity AS bigint)]
         ├─ Scan[customers] => [id]
         └─ InnerJoin[order_id = id]
            ├─ Scan[lines] => [order_id, quantity, price]
            └─ Filter[customer_id = 3]
               └─ Scan[orders] => [id, customer_id]
                       customer_id :: [3]
      """
    )
  }

  @Test func branchesWithoutRowsAreLeftOut() {
    expectPlan(
      """
      SELECT id
      FROM (SELECT id FROM orders WHERE id < 1 AND id > 2 UNION ALL SELECT id FROM customers)
      """,
      """
      Project[id]
      └─ Scan[customers] => [id]
      """
    )
  }

  @Test func rulesThatChangeAPlanAreNamed() throws {
    guard case .query(let query) = try parseStatement("SELECT id FROM orders ORDER BY day LIMIT 1")
    else { throw SQLError.internal("not a query") }
    let planner = QueryPlanner(catalog: PlannerCatalog(), functions: PlannerFunctions())
    let names = try planner.effectiveRules(query)
    #expect(names == ["prune_columns", "remove_redundant_nodes", "form_top_n"])
  }
}
