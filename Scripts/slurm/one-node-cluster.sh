# A Slurm of one node, this machine, in a temporary folder. Sourced by try-slurm.
#
# Own ports, own key, own spool; no systemd, no cgroups, no accounting database. It runs as root, as
# slurmd must, and leaves nothing behind: stop_cluster ends exactly the daemons that were started here.

cluster_pids=()

install_slurm() {
  local missing=()
  command -v slurmctld >/dev/null && command -v slurmd >/dev/null || missing+=(slurm-wlm)
  command -v munged >/dev/null || missing+=(munge)
  ((${#missing[@]})) || return 0
  echo "installing ${missing[*]}" >&2
  apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# Ports nobody listens on: the kernel's choice, at once given back.
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])'
}

# write_slurm_conf FOLDER
write_slurm_conf() {
  local folder=$1 host
  host="$(hostname -s)"
  mkdir -p "$folder"/{state,spool,log,munge}
  chmod 755 "$folder"
  cat >"$folder/slurm.conf" <<CONF
ClusterName=dstune-trial
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket
CredType=cred/munge
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_min_interval=100000
ReturnToService=2
MpiDefault=none
SwitchType=switch/none
$(slurmd -C | sed -n 's/^NodeName=[^ ]*/&/p' | sed "s/NodeName=[^ ]*/NodeName=$host NodeAddr=127.0.0.1/; s/ UpTime.*//") State=UNKNOWN
PartitionName=trial Nodes=ALL Default=YES MaxTime=60 State=UP
CONF
}

# start_cluster FOLDER: returns when the node takes jobs; exports SLURM_CONF for sbatch and squeue.
start_cluster() {
  local folder=$1
  write_slurm_conf "$folder"
  export SLURM_CONF="$folder/slurm.conf"
  head -c 1024 /dev/urandom >"$folder/munge/key"
  chmod 700 "$folder/munge"
  chmod 400 "$folder/munge/key"
  # The socket's folder must be searchable for everybody, or munged refuses it.
  chmod 711 "$folder/munge"
  munged --foreground --force --key-file "$folder/munge/key" --socket "$folder/munge/socket" \
    --pid-file "$folder/munge/pid" --log-file "$folder/log/munged.log" \
    --seed-file "$folder/munge/seed" >"$folder/log/munged.out" 2>&1 &
  cluster_pids+=($!)
  until_true 10 "munged" test -S "$folder/munge/socket" || return
  slurmctld -D -i >"$folder/log/slurmctld.out" 2>&1 &
  cluster_pids+=($!)
  slurmd -D -N "$(hostname -s)" >"$folder/log/slurmd.out" 2>&1 &
  cluster_pids+=($!)
  until_true 30 "the node" node_is_idle
}

node_is_idle() { [[ "$(sinfo --noheader --format %T 2>/dev/null)" == idle* ]]; }

# until_true SECONDS WHAT COMMAND…
until_true() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    if ((SECONDS >= deadline)); then
      echo "$what did not come up; its log:" >&2
      tail -n 20 "${SLURM_CONF%/*}"/log/* >&2
      return 1
    fi
    sleep 0.2
  done
}

# Jobs first, then the daemons in the reverse of the order they came up in.
stop_cluster() {
  scancel --state=PENDING --state=RUNNING --quiet 2>/dev/null || true
  local index pid
  for ((index = ${#cluster_pids[@]} - 1; index >= 0; index--)); do
    pid=${cluster_pids[index]}
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  cluster_pids=()
}
