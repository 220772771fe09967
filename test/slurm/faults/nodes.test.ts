import { describe, expect, test } from 'vitest';
import { consumersIn } from '../harness/consumer-process.ts';
import { inMiddle, MIDDLE, POINTS, SECONDS, THREE_SLOTS } from '../harness/mid-table.ts';
import { bootNode, crashNode, killSlurmd, setLink, startNode } from '../harness/node.ts';
import { ownCluster } from '../harness/own-cluster.ts';
import { projectOfEach } from '../harness/project-of-each.ts';
import { nodeIs } from '../harness/slurm-says.ts';
import { expectComplete } from '../harness/slow-points.ts';
import { untilTold } from '../harness/until-told.ts';

const plan = ownCluster();
const project = projectOfEach(plan, 'nodes');

/** Longest delay that the loss of a node may cause beyond its share of the work. */
const LOST_SECONDS = 15;

describe('every point is one row at its first attempt', () => {
  test('where a node crashes, and its points run again within seconds', async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    const atMs = Date.now();
    await crashNode(plan, 'node2');
    await expectComplete(project(), POINTS);
    // Two nodes of three do what three would have done.
    const left = ((POINTS - MIDDLE) * SECONDS) / 6;
    expect((Date.now() - atMs) / 1000).toBeLessThan(left + LOST_SECONDS);
  });

  test('where a node is cut off, its job starts anew elsewhere, and it heals: both may deliver', async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    await setLink(plan, 'node2', 'down');
    await nodeIs(plan, 'node2', /^down/);
    // It lives, with points in hand that others are computing, too.
    expect(consumersIn(plan, 'node2')).not.toHaveLength(0);
    await setLink(plan, 'node2', 'up');
    await untilTold('the consumer that was cut off has left', async () => consumersIn(plan, 'node2').length === 0);
    await expectComplete(project(), POINTS);
  });

  test('where slurmd is killed: its consumer goes on, and then it is killed while another runs', async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    await killSlurmd(plan, 'node3');
    await nodeIs(plan, 'node3', /^down/);
    await startNode(plan, 'node3');
    await expectComplete(project(), POINTS);
  });

  test('where a node reboots at once', async () => {
    await inMiddle(plan, project(), ...THREE_SLOTS);
    await crashNode(plan, 'node1');
    await bootNode(plan, 'node1');
    await expectComplete(project(), POINTS);
  });
});
