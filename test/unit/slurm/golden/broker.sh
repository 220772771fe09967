#!/bin/bash
# Written by `sluice up --as-job`.
#SBATCH --account="o'hara lab"
#SBATCH --constraint="avx512&ib"
#SBATCH --cpus-per-task=2
#SBATCH --dependency=singleton
#SBATCH --job-name=sluice.broker-1a2b3c
#SBATCH --mem=16G
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --open-mode=append
#SBATCH --output=/home/ada/100%%/logs/%x-%j.log
#SBATCH --partition=bigmem
#SBATCH --requeue
#SBATCH --signal=B:USR1@60
#SBATCH --time=1-12
#SBATCH --qos=high
#SBATCH --mail-user=ada@example.org
#SBATCH --comment="50% of \"it\" # all"

ml python/3.12
export OMP_NUM_THREADS=1

set -u
checkout='/home/ada/my '\''own'\'' sluice'
node='/opt/node 26/bin/node'
connection='/home/ada/my '\''own'\'' data/broker.json'

if [[ ! -f $checkout/cli/sluice.mjs || ! -x $node ]]; then
  echo "sluice: $(hostname) sees no $checkout/cli/sluice.mjs, or no $node;" \
    "submit from the checkout, after 'npm run setup', on a file system that all nodes share" >&2
  exit 1
fi

# SLURM's warning (USR1) reaches this shell alone, which asks the process below to leave, by TERM: a Node that has only
# just been started takes USR1 for a request to open its debugger to everybody on the host. Before there is a process,
# the shell just ends.
came=
ask_to_leave() {
  came+=" $1"
  [[ -n ${!:-} ]] || exit 0
  kill -s TERM "$!" 2>/dev/null
}
trap 'ask_to_leave USR1' USR1
trap 'ask_to_leave TERM' TERM

# SLURM before release 23 does not tell a job when it ends; the controller may not tell either.
if [[ -z ${SLURM_JOB_END_TIME:-} ]]; then
  task=${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}
  ends=$(SLURM_TIME_FORMAT=%s timeout 10 scontrol show job "$task" 2>/dev/null | grep -m 1 -oE ' EndTime=[0-9]{10,}')
  if [[ -n $ends ]]; then export SLURM_JOB_END_TIME=${ends#*=}; fi
fi

# In the background, since bash runs no trap while it waits for a program in the foreground.
"$node" "$checkout/cli/sluice.mjs" up --in-job --data '/home/ada/my '\''own'\'' data' --host auto --insecure-plain &
wait "$!"
code=$?
# A signal ends `wait` before the process has left.
while kill -0 "$!" 2>/dev/null; do
  wait "$!"
  code=$?
done
# A successor goes on after the end of the walltime, and after a kill that nobody asked for; not after 'sluice down', which
# takes the connection file away first, nor after an error of its own.
is_over() { [[ -n ${SLURM_JOB_END_TIME:-} && $(date +%s) -ge $((SLURM_JOB_END_TIME - 5)) ]]; }
if [[ -e $connection ]] && { [[ $came == *USR1* && $code -eq $((128 + $(kill -l TERM))) || -z $came && $code -gt 128 ]] || is_over; }; then
  # It ends this shell too, soon after it was heard; a controller that is away is asked again.
  for _ in {1..60}; do scontrol requeue "$SLURM_JOB_ID" && sleep 60; sleep 5; done
fi
exit "$code"
