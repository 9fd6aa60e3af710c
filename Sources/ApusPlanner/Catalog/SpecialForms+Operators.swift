extension SpecialForms {
  /// Signs between values.
  static var operators: [FunctionDescription] {
    [
      FunctionDescription(
        form: "= <> < <= > >=",
        [
          "value = value",
          "value <> value",
          "value < value",
          "value <= value",
          "value > value",
          "value >= value",
        ],
        """
        Compares two values of a common type; NULL if one of them is NULL. != is another word for \
        <>.
        """,
        [
          FunctionExample("2 < DECIMAL '2.5'", "true"),
          FunctionExample("NULL = NULL", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "+ - * / %",
        [
          "number + number",
          "number - number",
          "number * number",
          "number / number",
          "number % number",
          "- number",
        ],
        """
        Computes with numbers; integers divide to an integer towards zero, and what does not fit \
        is an error.
        """,
        [
          FunctionExample("7 / 2", "3"),
          FunctionExample("7 / DOUBLE '2'", "3.5"),
          FunctionExample("-7 % 3", "-1"),
          FunctionExample("DATE '2024-01-31' + INTERVAL '1' MONTH", "2024-02-29"),
        ]
      ),
      FunctionDescription(
        form: "||",
        [
          "value || value"
        ],
        "Joins texts, bytes or arrays end to end; NULL if one of them is NULL.",
        [
          FunctionExample("'a' || 'b'", "ab"),
          FunctionExample("ARRAY[1] || ARRAY[2, 3]", "[1, 2, 3]"),
          FunctionExample("'a' || NULL", "NULL"),
        ]
      ),
      FunctionDescription(
        form: "[ ]",
        [
          "array[position]",
          "map[key]",
          "row[field]",
        ],
        """
        Takes an element by its position from 1, or the value of a key; what is not there is an \
        error, where element_at gives NULL.
        """,
        [
          FunctionExample("ARRAY['a', 'b'][1]", "a"),
          FunctionExample("MAP(ARRAY['a'], ARRAY[7])['a']", "7"),
          FunctionExample("try(ARRAY['a', 'b'][3])", "NULL"),
        ]
      ),
    ]
  }
}
