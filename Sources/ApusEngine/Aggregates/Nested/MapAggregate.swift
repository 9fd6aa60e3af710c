import ApusPlanner
import ApusValues
import ApusVectors

/// Aggregates whose results are maps; NULL for no rows.
enum MapAggregate: AggregateFunction {
  static var examples: [FunctionExample] {
    [
      FunctionExample("SELECT histogram(x) FROM (VALUES 'a', 'b', 'a') AS t(x)", "{a=2, b=1}"),
      FunctionExample(
        """
        SELECT map_agg(k, v)
        FROM (VALUES ('a', 1), ('b', 2)) AS t(k, v)
        """,
        "{a=1, b=2}"
      ),
      FunctionExample(
        """
        SELECT map_union(m)
        FROM (VALUES MAP(ARRAY['a'], ARRAY[1]), MAP(ARRAY['b'], ARRAY[2])) AS t(m)
        """,
        "{a=1, b=2}"
      ),
      FunctionExample(
        """
        SELECT multimap_agg(k, v ORDER BY v)
        FROM (VALUES ('a', 1), ('a', 2)) AS t(k, v)
        """,
        "{a=[1, 2]}"
      ),
    ]
  }

  static let overloads = [
    AggregateOverload(
      FunctionSignature(
        "map_agg",
        kind: .aggregate,
        [.same(0), .same(1)],
        returns: .pattern(.map(.same(0), .same(1))),
        summary: "Returns the map of keys to values; of equal keys one counts."
      ),
      isOrderSensitive: true
    ) { function throws(SQLError) in
      let type = function.returnType
      return ListAccumulator(function.parameterTypes, skipsNulls: true) {
        (lists, range) throws(SQLError) in
        let entries = MapElements(
          keys: try lists.elements(0, range),
          values: try lists.elements(1, range)
        )
        return entries.maps(
          type,
          keeping: try entries.keys.distinct(),
          validity: entries.keys.nonEmpty
        )
      }
    },
    AggregateOverload(
      FunctionSignature(
        "multimap_agg",
        kind: .aggregate,
        [.same(0), .same(1)],
        returns: .pattern(.map(.same(0), .array(.same(1)))),
        summary: "Returns the map of each key to the array of its values."
      ),
      isOrderSensitive: true
    ) { function throws(SQLError) in
      let type = function.returnType
      return ListAccumulator(function.parameterTypes, skipsNulls: true) {
        (lists, range) throws(SQLError) in
        let entries = MapElements(
          keys: try lists.elements(0, range),
          values: try lists.elements(1, range)
        )
        return try entries.multimaps(type, validity: entries.keys.nonEmpty)
      }
    },
    AggregateOverload(
      FunctionSignature(
        "histogram",
        kind: .aggregate,
        [.same(0)],
        returns: .pattern(.map(.same(0), .type(.bigint))),
        summary: "Returns the map of each value to how often it occurs."
      )
    ) { function throws(SQLError) in
      let type = function.returnType
      return ListAccumulator(function.parameterTypes, skipsNulls: true) {
        (lists, range) throws(SQLError) in
        let values = try lists.elements(0, range)
        return try values.histograms(type, validity: values.nonEmpty)
      }
    },
    AggregateOverload(
      FunctionSignature(
        "map_union",
        kind: .aggregate,
        [.map(.same(0), .same(1))],
        returns: .pattern(.map(.same(0), .same(1))),
        summary: "Returns the entries of all maps; of equal keys one counts."
      ),
      isOrderSensitive: true
    ) { function throws(SQLError) in
      let type = function.returnType
      guard case .map(let key, let value) = type else { throw .internal("map_union to \(type)") }
      return ListAccumulator(function.parameterTypes, skipsNulls: true) {
        (lists, range) throws(SQLError) in
        let maps = try lists.elements(0, range)
        let all = MapElements(maps.elements, key, value, rows: .all(maps.elements.count))
        // From the entries of each map to those of each group's maps.
        let ends = maps.ends.map { end in end == 0 ? 0 : all.keys.ends[Int(end) - 1] }
        let entries = MapElements(
          keys: ArrayElements(ends: ends, elements: all.keys.elements),
          values: ArrayElements(ends: ends, elements: all.values.elements)
        )
        return entries.maps(type, keeping: try entries.keys.distinct(), validity: maps.nonEmpty)
      }
    },
  ]
}
