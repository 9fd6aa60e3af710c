extension SpecialForms {
  /// The forms of SQL/JSON.
  static var ofJSON: [FunctionDescription] {
    [
      FunctionDescription(
        form: "JSON_ARRAY",
        [
          "JSON_ARRAY(value, … [NULL ON NULL | ABSENT ON NULL] [RETURNING type])"
        ],
        """
        Writes values as the text of a JSON array; NULLs are left out unless NULL ON NULL keeps \
        them.
        """,
        [
          FunctionExample("JSON_ARRAY(1, 'a', true)", #"[1,"a",true]"#),
          FunctionExample("JSON_ARRAY(1, NULL)", "[1]"),
          FunctionExample("JSON_ARRAY(1, NULL NULL ON NULL)", "[1,null]"),
        ]
      ),
      FunctionDescription(
        form: "JSON_EXISTS",
        [
          "JSON_EXISTS(json, path [PASSING value AS name, …] [answer ON ERROR])"
        ],
        "Returns whether a path of SQL/JSON leads to anything in a document.",
        [
          FunctionExample(#"JSON_EXISTS('{"a": [1, 2]}', 'lax $.a[*] ? (@ > 1)')"#, "true"),
          FunctionExample(#"JSON_EXISTS('{"a": 1}', 'lax $.b')"#, "false"),
        ]
      ),
      FunctionDescription(
        form: "JSON_OBJECT",
        [
          """
          JSON_OBJECT([KEY] key VALUE value, … [NULL ON NULL | ABSENT ON NULL] [WITH UNIQUE KEYS] \
          [RETURNING type])
          """
        ],
        """
        Writes keys and values as the text of a JSON object; NULLs are kept unless ABSENT ON NULL \
        leaves them out.
        """,
        [
          FunctionExample("JSON_OBJECT('a' VALUE 1, 'b' VALUE NULL)", #"{"a":1,"b":null}"#),
          FunctionExample("JSON_OBJECT('a' : 1, 'b' : NULL ABSENT ON NULL)", #"{"a":1}"#),
        ]
      ),
      FunctionDescription(
        form: "JSON_QUERY",
        [
          """
          JSON_QUERY(json, path [PASSING value AS name, …] [RETURNING type] [WITH ARRAY WRAPPER] \
          [KEEP | OMIT QUOTES] [answer ON EMPTY] [answer ON ERROR])
          """
        ],
        """
        Returns the text of the JSON that a path leads to; of several items only with a wrapper, \
        else NULL.
        """,
        [
          FunctionExample(#"JSON_QUERY('{"a": {"b": [1, 2]}}', 'lax $.a')"#, #"{"b":[1,2]}"#),
          FunctionExample(
            #"JSON_QUERY('{"a": [1, 2]}', 'lax $.a[*]' WITH ARRAY WRAPPER)"#,
            "[1,2]"
          ),
        ]
      ),
      FunctionDescription(
        form: "JSON_VALUE",
        [
          """
          JSON_VALUE(json, path [PASSING value AS name, …] [RETURNING type] [answer ON EMPTY] \
          [answer ON ERROR])
          """
        ],
        """
        Returns the string, number or boolean that a path leads to, as varchar or the type asked \
        for; NULL if there is none.
        """,
        [
          FunctionExample(#"JSON_VALUE('{"a": {"b": "x"}}', 'lax $.a.b')"#, "x"),
          FunctionExample(#"JSON_VALUE('{"a": 7}', 'lax $.a' RETURNING INTEGER) + 1"#, "8"),
          FunctionExample("JSON_VALUE('{}', 'lax $.a' DEFAULT 'none' ON EMPTY)", "none"),
        ]
      ),
    ]
  }
}
