SELECT userid, count(*) AS c
FROM hits
GROUP BY userid
ORDER BY c DESC, userid
LIMIT 10
