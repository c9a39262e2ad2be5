#!/bin/sh
# The first program of a lab guest: mounts the file systems that ktop reads, then runs the agent on the serial port that
# the kernel's command line names (agent=PORT), or a shell on the console when it has lab=shell. Powers the guest off at the end.
export PATH=/bin HOME=/root TERM=linux
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs dev /dev
# As on other machines: 5.10 (TOMOYO) resolves the name that the kernel gives to a program executed by descriptor.
ln -s /proc/self/fd /dev/fd
mkdir -p /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs tmpfs /tmp
mount -t tracefs tracefs /sys/kernel/tracing
mount -t debugfs debugfs /sys/kernel/debug
mount -t securityfs securityfs /sys/kernel/security
mount -t bpf bpf /sys/fs/bpf
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
hostname lab
cd /root || exit
if grep -q 'lab=shell' /proc/cmdline; then
  setsid cttyhack sh
else
  agent "/dev/$agent"
fi
sync
poweroff -f
