SELECT *
FROM hits
WHERE url LIKE '%google%'
ORDER BY eventtime, watchid
LIMIT 10
