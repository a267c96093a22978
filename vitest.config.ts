import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Stories take minutes and mostly wait: begun first, they run beside everything else. */
class StoriesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isStory = ({ moduleId }: TestSpecification) => moduleId.includes('/test/story/');
    return [...sorted.filter(isStory), ...sorted.filter((file) => !isStory(file))];
  }
}

/** It starts and kills some fifty bots one after the other, and needs the machine for itself. */
const alone = 'test/story/kill.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/setup/postgres.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    sequence: { sequencer: StoriesFirst },
    projects: [
      {
        extends: true,
        test: { name: 'alone', include: [alone], maxWorkers: 1, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'all',
          include: ['test/**/*.test.ts'],
          exclude: [alone],
          // On two cores Vitest would take one worker, and most tests wait for processes of their own.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
