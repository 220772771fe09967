# Reduces a table of svd-block in R: the numbers are those of `npx sluice reduce TABLE`. Needs the package RSQLite, and is
# run in the folder that has data/:  Rscript reduce.R

library(RSQLite)

database <- file.path(Sys.getenv("SLUICE_DATA", "data"), "sluice.db3")
table <- Sys.getenv("TABLE_NAME", "svd_block")

connection <- dbConnect(SQLite(), database, flags = SQLITE_RO)
rows <- dbReadTable(connection, table)
dbDisconnect(connection)

# The estimates of v, one a row.
v_est <- as.matrix(rows[, grepl("ve", names(rows))])
ncol <- ncol(v_est)
v_true <- (-1)^seq_len(ncol) / sqrt(ncol)

# The distance of two directions: the sign of a singular vector is free.
distance <- function(a, b) min(sqrt(sum((a - b)^2)), sqrt(sum((a + b)^2)))

error_single <- apply(v_est, 1, distance, v_true)
top <- svd(v_est, nu = 0, nv = 1)
error_combined <- distance(top$v[, 1], v_true)

answer <- c(
  rows = nrow(v_est), ncol = ncol, errorCombined = error_combined,
  errorSingle.mean = mean(error_single), errorSingle.min = min(error_single), errorSingle.max = max(error_single),
  improvement = mean(error_single) / error_combined, sigma1 = top$d[1], sigma2 = top$d[2]
)
cat(sprintf("%s %.17g\n", names(answer), answer), sep = "")
