-- Writes learners' profiles into the user cache as the platform's jobs do, a hash `user:<id>` each. ARGV[1] holds the table `user`
-- of an import, one JSON object a line. Answers with their number.
local count = 0
for line in string.gmatch(ARGV[1], "[^\n]+") do
    local fields = {}
    local user = cjson.decode(line)
    for name, value in pairs(user) do
        if value ~= cjson.null then
            table.insert(fields, name)
            table.insert(fields, tostring(value))
        end
    end
    redis.call("HSET", "user:" .. user.userid, unpack(fields))
    count = count + 1
end
return count
