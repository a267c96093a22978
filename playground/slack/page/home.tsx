import type { Sight } from '../control.ts';
import type { Workspace } from '../workspace.ts';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { FormOf } from './form.tsx';

/** The app's Home tab, as it published it for this person. */
export function Home(props: { readonly sight: Sight; readonly workspace: Workspace; readonly user: string }) {
  const view = props.sight.homes[props.user];
  return (
    <div className="home" data-testid="home">
      {view ? (
        <FormOf {...props} target={view.id}>
          <Blocks blocks={view.blocks} />
        </FormOf>
      ) : (
        <p className="loading">
          <Avatar name={props.sight.app.name} isBot /> This app has not published a Home tab for you yet.
        </p>
      )}
    </div>
  );
}
